import { WebSocket } from 'ws';

/** What came, in order. */
export type Frame = Record<string, unknown> & { type: string };

/** A client at a door of the server. */
export interface TestSocket {
  /** Everything received so far. */
  readonly frames: readonly Frame[];
  send(frame: unknown): void;
  /** Sends text or bytes as they stand. */
  sendRaw(data: string | Buffer): void;
  /** The first frame, received already or to come, that the test accepts; each is given once. Fails when the socket closes. */
  next(accept?: (frame: Frame) => boolean): Promise<Frame>;
  /** Settles with how the socket was closed. */
  closed: Promise<{ code: number; reason: string }>;
  close(): void;
  /** Cuts the connection, without a word. */
  terminate(): void;
}

interface Waiter {
  accept: (frame: Frame) => boolean;
  resolve: (frame: Frame) => void;
  reject: (error: Error) => void;
}

/** Connects to `/ws/{chatId}`; settles once the connection is open (which does not say that it is admitted). */
export async function connectToChat(
  server: { url: string },
  chatId: number | string,
  token: string,
): Promise<TestSocket> {
  return connectSocket(server, `/ws/${chatId}?token=${encodeURIComponent(token)}`);
}

/**
 * Connects to a door of the server; settles once the connection is open.
 *
 * @param hear gets every frame as it comes.
 */
export async function connectSocket(
  server: { url: string },
  path: string,
  hear: (frame: Frame) => void = () => {},
): Promise<TestSocket> {
  const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}${path}`);
  const frames: Frame[] = [];
  const unclaimed: Frame[] = [];
  const waiters: Waiter[] = [];

  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame;
    frames.push(frame);
    hear(frame);
    const index = waiters.findIndex(({ accept }) => accept(frame));
    if (index === -1) unclaimed.push(frame);
    else waiters.splice(index, 1)[0]?.resolve(frame);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      for (const waiter of waiters)
        waiter.reject(new Error(`closed ${code} ${reason.toString()} before the frame came`));
      resolve({ code, reason: reason.toString() });
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

  return {
    frames,
    closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (data) => socket.send(data),
    async next(accept = () => true) {
      const index = unclaimed.findIndex(accept);
      const [found] = index === -1 ? [] : unclaimed.splice(index, 1);
      if (found !== undefined) return found;
      return new Promise<Frame>((resolve, reject) => waiters.push({ accept, resolve, reject }));
    },
    close: () => socket.close(),
    terminate: () => socket.terminate(),
  };
}

/** Connects and waits until the server has admitted the socket and answers it. */
export async function joinChat(server: { url: string }, chatId: number | string, token: string): Promise<TestSocket> {
  const socket = await connectToChat(server, chatId, token);
  // A frame with a ref is answered once the socket is admitted: what is committed after this is delivered to it.
  socket.send({ type: 'nothing', ref: 'joined' });
  await socket.next((frame) => frame['ref'] === 'joined');
  return socket;
}
