import { connect, type Socket as Connection } from 'node:net';

/** What comes over any connection is read into this: one buffer, since nothing is kept of it. */
const SHARED = Buffer.allocUnsafe(256 * 1024);

/** A raw connection to a server. */
export interface Wire {
  connection: Connection;
  /** Takes what comes; the bytes are good until it returns. */
  take: (bytes: Buffer, length: number) => void;
  /** Hears once of the connection's end. */
  ended: (why: string) => void;
}

/** Opens a connection; settles when it stands. */
export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const wire: Wire = {
      connection: connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: {
          buffer: SHARED,
          callback: (length) => {
            wire.take(SHARED, length);
            return true;
          },
        },
      }),
      take: () => undefined,
      ended: (why) => reject(new Error(why)),
    };
    wire.connection.once('connect', () => resolve(wire));
    wire.connection.once('error', (error) => wire.ended(error.message));
    wire.connection.once('close', () => wire.ended('the server closed the connection'));
  });
}
