import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** What happens to what is sent over a connection. */
export type Fault =
  | { kind: 'none' }
  /** All that is sent is taken and goes nowhere, as when a cable is pulled: nobody is told. */
  | { kind: 'black-hole' }
  /** All arrives so much later, in order. */
  | { kind: 'delay'; ms: number }
  /** The client takes nothing any more, while what it sends arrives: a reader that has stopped. */
  | { kind: 'stopped-reader' };

/** One connection through the proxy. */
export interface ProxiedConnection {
  suffer(fault: Fault): void;
  fault(): Fault;
  /** Bytes that went nowhere. */
  swallowed(): number;
  /** Ends it with a reset (RST) to both sides. */
  cut(): void;
  /** Ends it politely (FIN) to both sides. */
  end(): void;
}

export interface TcpProxy {
  port: number;
  /** Those that are open at present. */
  connections(): ProxiedConnection[];
  /** What connections to come suffer from the start. */
  sufferFromNow(fault: Fault): void;
  /** Takes no more connections and cuts those that are open. */
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** Opens the connection to whom the client shall speak; undefined where there is nobody: the client is refused. */
  open: () => Promise<Socket | undefined>;
  /** To listen at; any free one by default. */
  port?: number;
  host?: string;
}

/**
 * Listens, and passes each connection on, byte by byte.
 *
 * @throws (rejects) the error of the system when the port cannot be had.
 */
export async function startTcpProxy({ open, port = 0, host = '127.0.0.1' }: TcpProxyOptions): Promise<TcpProxy> {
  const connections = new Set<ProxiedConnection>();
  let first: Fault = { kind: 'none' };
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    client.on('error', () => client.destroy());
    void pass(client);
  });

  async function pass(client: Socket): Promise<void> {
    const upstream = await open();
    if (upstream === undefined || client.destroyed) {
      reset(client);
      upstream?.destroy();
      return;
    }
    const connection = join(client, upstream, first);
    connections.add(connection);
    await Promise.allSettled([closed(client), closed(upstream)]);
    connections.delete(connection);
  }

  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => [...connections],
    sufferFromNow: (fault) => (first = fault),
    async close() {
      server.close();
      for (const connection of connections) connection.cut();
      await once(server, 'close');
    },
  };
}

function join(client: Socket, upstream: Socket, from: Fault): ProxiedConnection {
  let fault = from;
  let swallowed = 0;
  const swallow = (piece: Buffer): void => void (swallowed += piece.length);
  const up = createPipe(client, upstream, () => fault, swallow);
  const down = createPipe(upstream, client, () => fault, swallow, 'down');
  const cut = (): void => {
    reset(client);
    reset(upstream);
  };
  for (const socket of [client, upstream]) {
    // One side that broke is told to the other in kind, unless nobody is to be told anything.
    socket.on('error', () => {
      if (fault.kind !== 'black-hole') cut();
    });
  }
  return {
    suffer(next) {
      fault = next;
      up.wake();
      down.wake();
    },
    fault: () => fault,
    swallowed: () => swallowed,
    cut,
    end() {
      client.end();
      upstream.end();
      // Those who do not answer to a polite end are not waited for.
      client.destroySoon();
      upstream.destroySoon();
    },
  };
}

/** Moves the bytes of one direction, one piece after the other. */
function createPipe(
  from: Socket,
  to: Socket,
  fault: () => Fault,
  swallow: (piece: Buffer) => void,
  direction: 'up' | 'down' = 'up',
) {
  let awake = Promise.withResolvers<void>();
  const isHeld = (): boolean => direction === 'down' && fault().kind === 'stopped-reader';

  async function move(): Promise<void> {
    try {
      for await (const read of from.iterator({ destroyOnReturn: false })) {
        const piece = read as Buffer;
        while (isHeld() && !to.destroyed) await Promise.race([awake.promise, closed(to)]);
        const present = fault();
        if (present.kind === 'black-hole') {
          swallow(piece);
          continue;
        }
        if (present.kind === 'delay') await delay(present.ms);
        if (!to.write(piece)) await Promise.race([once(to, 'drain'), closed(to)]);
      }
      if (fault().kind !== 'black-hole') to.end();
    } catch {
      // Whoever broke it has been dealt with where its errors are heard.
    }
  }

  void move();
  return {
    wake() {
      awake.resolve();
      awake = Promise.withResolvers();
    },
  };
}

/** Only TCP knows resets: a unix socket is just closed. */
function reset(socket: Socket): void {
  try {
    socket.resetAndDestroy();
  } catch {
    socket.destroy();
  }
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await new Promise<void>((resolve) => void socket.once('close', () => resolve()));
}
