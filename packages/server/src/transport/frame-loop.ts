import type { ErrorFrame } from '@beseda/protocol/frames.ts';
import type { FastifyBaseLogger } from 'fastify';
import { ProblemError } from '../domain/problem.ts';
import type { Context } from './context.ts';
import { FrameBudget } from './frame-budget.ts';
import { errorFrame, FrameError } from './frame-codec.ts';
import { closeFor, push } from './outbox.ts';
import type { ServedSocket } from './served-socket.ts';
import { asProblem } from './problems.ts';

/** Frames of one socket that may be under way; past it the socket is not read until half of them are done. */
const MAX_UNDER_WAY = 256;

/** How a door reads the frames of a socket. */
export interface FrameDoor<Up extends { type: string; ref?: string }, Down> {
  readonly context: Context;
  readonly log: FastifyBaseLogger;
  readonly socket: ServedSocket;
  /** @throws FrameError */
  decode(text: string): Up;
  encode(frame: Down | ErrorFrame): Buffer;
  /** Does what the frame asks for; what it returns is sent. */
  handle(frame: Up): Promise<Down | undefined>;
}

/**
 * Serves a frame of a socket: decodes, handles, answers. Frames are begun in the order in which they came, so messages
 * enter the write lane in that order and keep it. What is wrong with one costs an error frame, not the socket.
 */
export function serveFrame<Up extends { type: string; ref?: string }, Down>(
  door: FrameDoor<Up, Down>,
  data: Buffer,
  isBinary: boolean,
): void {
  const { socket, context } = door;
  // Who was shown out, or signed out, has no more to say, though their side of the connection is still open.
  if (socket.readyState !== socket.OPEN) return;
  const verdict = context.limited
    ? (socket.budget ??= new FrameBudget(context.clock.now())).take(context.clock.now())
    : 'served';
  if (verdict === 'flood') {
    closeFor(socket, 'too_much');
    return;
  }
  socket.underWay += 1;
  if (socket.underWay === MAX_UNDER_WAY) socket.pause();
  void answer(door, data, isBinary, verdict === 'refused').finally(() => {
    socket.underWay -= 1;
    // Whoever waits for the last answer wants no more frames.
    if (socket.underWay === MAX_UNDER_WAY / 2 && socket.answered === undefined) socket.resume();
    if (socket.underWay === 0) socket.answered?.();
  });
}

async function answer<Up extends { type: string; ref?: string }, Down>(
  door: FrameDoor<Up, Down>,
  data: Buffer,
  isBinary: boolean,
  refused: boolean,
): Promise<void> {
  const { socket, context, log } = door;
  let frame: Up | undefined;
  try {
    if (isBinary) throw new ProblemError('malformed_request', 'Frames are text, and this one is binary.');
    frame = door.decode(data.toString());
    context.metrics.frameReceived(frame.type);
    if (refused && socket.budget !== undefined) {
      context.metrics.refused('frame');
      throw socket.budget.refusal();
    }
    const answered = await door.handle(frame);
    if (answered !== undefined) push(socket, door.encode(answered));
  } catch (error) {
    const problem = error instanceof FrameError ? error.problem : asProblem(error);
    if (problem.code === 'internal') log.error({ err: error }, 'a frame could not be handled');
    push(socket, door.encode(errorFrame(problem, error instanceof FrameError ? error.ref : frame?.ref)));
  }
}
