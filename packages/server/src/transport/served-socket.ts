import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Owed } from './outbox.ts';

/** A socket of a client, with the connection under it. */
export interface ServedSocket extends WebSocket {
  readonly connection: Duplex;
  /** What is still held back in this turn of the event loop, to leave together. */
  owed: Owed | undefined;
  /** Frames of the client's that are read and not answered yet. */
  underWay: number;
  /** Called when the last frame under way is answered; set while somebody waits for that. */
  answered: (() => void) | undefined;
  /** Gives back what the socket took up as one of which nobody knows whose it is; once it has, does nothing. */
  identified: () => void;
}

/** Takes over a socket that has shaken hands on a connection. */
export function asServed(socket: WebSocket, connection: Duplex, identified: () => void = () => {}): ServedSocket {
  return Object.assign(socket, { connection, identified, owed: undefined, underWay: 0, answered: undefined });
}

/** Reads no more of the socket; settles once all that was read is answered. */
export async function finishFrames(socket: ServedSocket): Promise<void> {
  socket.pause();
  if (socket.underWay === 0) return;
  await new Promise<void>((resolve) => {
    socket.answered = resolve;
  });
}
