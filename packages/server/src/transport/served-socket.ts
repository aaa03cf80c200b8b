import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { FrameBudget } from './frame-budget.ts';
import type { Owed } from './outbox.ts';

/** What serves a socket. */
export interface Serving {
  /** The client has sent a frame. */
  received(data: Buffer, isBinary: boolean): void;
  /** The socket has closed: nothing follows. Called once. */
  closed(): void;
}

/**
 * A socket of a client. Most are idle, so what one holds is counted: its state is in fields, and what happens to it goes
 * to functions that all of them share. A function of its own costs a socket 56 bytes and what it refers to, a listener
 * for one time 230.
 */
export class ServedSocket extends WebSocket {
  /** The connection under it; there from the moment at which it has shaken hands. */
  connection!: Duplex;
  /** What serves it; undefined until it is admitted. */
  serving: Serving | undefined;
  /** What is still held back in this turn of the event loop, to leave together. */
  owed: Owed | undefined;
  /** Frames of the client's that are read and not answered yet. */
  underWay = 0;
  /** Called when the last frame under way is answered; set while somebody waits for that. */
  answered: (() => void) | undefined;
  /** Whether the other side has shown that it lives since it was asked last. */
  alive = true;
  /** The address of which it takes up a place, while nobody knows whose it is. */
  arrivedFrom: string | undefined;
  /** The user of whom it takes up a place. */
  seatedAs: number | undefined;
  /** What it may still send; undefined where that is not counted. */
  budget: FrameBudget | undefined;
}

/** Reads no more of the socket; settles once all that was read is answered. */
export async function finishFrames(socket: ServedSocket): Promise<void> {
  socket.pause();
  if (socket.underWay === 0) return;
  await new Promise<void>((resolve) => {
    socket.answered = resolve;
  });
}
