import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** A connection to a door below the level of a WebSocket library: it sends and receives bytes. */
export interface RawSocket {
  /** Settles once the bytes are taken over by the system, or the connection is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** All bytes received so far, the answer to the handshake included. */
  received(): Buffer;
  /** Settles once what was received holds the text or the bytes. Fails when the connection ends before. */
  until(wanted: string | Buffer): Promise<void>;
  /** Settles when the connection has ended, whoever ended it. */
  ended: Promise<void>;
  destroy(): void;
}

/** Shakes hands at `/ws/{chatId}`, whatever comes of it. */
export async function connectRaw(
  server: { url: string },
  chatId: number | string,
  token: string,
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  return connectRawTo(server, `/ws/${chatId}?token=${encodeURIComponent(token)}`, headers);
}

/** Shakes hands at a door, whatever comes of it. */
export async function connectRawTo(
  server: { url: string },
  path: string,
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  const { hostname, port } = new URL(server.url);
  const stream = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  const waiting: { wanted: string | Buffer; resolve: () => void; reject: (error: Error) => void }[] = [];
  const received = (): Buffer => Buffer.concat(chunks);
  const missing = (wanted: string | Buffer): Error =>
    new Error(`the connection ended before ${JSON.stringify(wanted)} came: ${received().toString()}`);
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    for (const { wanted, resolve } of waiting) if (received().includes(wanted)) resolve();
  });
  const ended = new Promise<void>((resolve) => {
    stream.once('close', () => {
      resolve();
      for (const { wanted, reject } of waiting) reject(missing(wanted));
    });
  });
  // A connection that is cut off tells so by `close` as well.
  stream.on('error', () => {});
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const handshake = [
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n`,
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${more.join('')}\r\n`,
  ];
  stream.write(handshake.join(''));
  const raw: RawSocket = {
    write: async (bytes) =>
      new Promise<void>((resolve) => {
        if (stream.destroyed) resolve();
        else stream.write(bytes, () => resolve());
      }),
    received,
    until: async (wanted) =>
      new Promise<void>((resolve, reject) => {
        if (received().includes(wanted)) resolve();
        else if (stream.destroyed) reject(missing(wanted));
        else waiting.push({ wanted, resolve, reject });
      }),
    ended,
    destroy: () => stream.destroy(),
  };
  await raw.until('\r\n\r\n');
  return raw;
}

export interface FrameShape {
  /** RFC 6455, section 5.2: 0 continues, 1 text, 2 binary, 8 close, 9 ping. */
  opcode: number;
  /** Whether it is the last of its message. */
  last?: boolean;
  /** Whether it says that it is compressed. */
  compressed?: boolean;
  masked?: boolean;
  /** The four bytes that it is masked with; zeros without. */
  mask?: Buffer;
}

/** A mask of zeros is a mask: the payload stays as it is. */
const NO_MASK = Buffer.alloc(4);

/** One frame as its bytes. */
export function rawFrame(payload: string | Uint8Array, shape: FrameShape = { opcode: 1 }): Buffer {
  const { opcode, last = true, compressed = false, masked = true, mask = NO_MASK } = shape;
  const body = Buffer.from(payload);
  const first = (last ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode;
  const length = lengthBytes(body.length);
  length[0] = (length[0] ?? 0) | (masked ? 0x80 : 0);
  if (!masked) return Buffer.concat([Buffer.from([first]), length, body]);
  const hidden = Buffer.from(body.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([Buffer.from([first]), length, mask, hidden]);
}

function lengthBytes(length: number): Buffer {
  if (length < 126) return Buffer.from([length]);
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 9);
  bytes[0] = length < 65_536 ? 126 : 127;
  if (length < 65_536) bytes.writeUInt16BE(length, 1);
  else bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/** The close code that the bytes received from a server end with, where a close frame is what they end with. */
export function closeCodeIn(received: Buffer): number | undefined {
  // Servers do not mask, and close frames are short: 0x88, the length, then two bytes of code.
  for (let index = received.lastIndexOf(0x88); index >= 0; index = received.lastIndexOf(0x88, index - 1)) {
    const length = received[index + 1] ?? 0;
    if (length >= 2 && index + 2 + length === received.length) return received.readUInt16BE(index + 2);
    if (index === 0) break;
  }
  return undefined;
}
