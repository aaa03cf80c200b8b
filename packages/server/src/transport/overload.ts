import { ProblemError } from '../domain/problem.ts';

/** How loaded the server is, in milliseconds; both are 0 at rest. */
export interface Load {
  /** How long the event loop's turns take: the usual one of the last seconds. */
  loopMs: () => number;
  /** How long a message that is sent now would wait to be stored. */
  laneMs: () => number;
}

/**
 * Turns of the loop this long make every answer late. What can come back later goes first: new sockets, and what reads
 * much at once. Open sockets go on.
 */
const LOOP_BOUND_MS = 400;

/** Half of the wait at which messages are refused: what is heavy makes way before they are. */
const LANE_BOUND_MS = 1000;

/** Seconds; clients add chance of their own to it. */
const RETRY_AFTER_S = 2;

/** Whether the server is loaded past what it answers in time. */
export function isOverloaded({ loopMs, laneMs }: Load): boolean {
  return loopMs() > LOOP_BOUND_MS || laneMs() > LANE_BOUND_MS;
}

/** The refusal of what is heavy, or new. */
export function overloaded(): ProblemError {
  return new ProblemError('unavailable', 'The server has more to do than it can: try again in a moment.', {
    retryAfter: RETRY_AFTER_S,
  });
}
