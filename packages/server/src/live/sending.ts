import type { Clock } from '../clock.ts';
import { ProblemError } from '../domain/problem.ts';
import { sendMessages, type Draft, type Sent } from '../domain/send-messages.ts';
import { createLane, type Lane } from '../domain/lane.ts';
import type { PerformPipelined } from './perform.ts';

/** The one path by which messages are written. */
export interface Send {
  /** Sends a message; settles once it is committed and told to those who listen. */
  (draft: Draft): Promise<Extract<Sent, { message: unknown }>>;
  /** How long a message that is sent now would wait for its turn, in milliseconds; an estimate. */
  waitMs: () => number;
}

/** Messages of one transaction at most: a few milliseconds of work, so that the next batch is not kept waiting. */
const MAX_BATCH = 256;

/** Messages that may wait at all. */
const MAX_WAITING = 20_000;

/** A message that would wait longer is refused at once: its sender tries again, and knows sooner. */
const MAX_WAIT_MS = 2000;

/**
 * The one path by which messages are written, whatever door they came through.
 *
 * @param now milliseconds from some moment on, which never go back.
 * @throws (the returned function) ProblemError `chat_not_found`, `message_not_found` (of what it answers), `unavailable`.
 */
export function createSend(perform: PerformPipelined, clock: Clock, now: () => number): Send {
  const store = async (drafts: readonly Draft[]): Promise<readonly Sent[]> =>
    perform(async (steps) => sendMessages(steps, drafts, clock.now()));
  const lane: Lane<Draft, Sent> = createLane(store, {
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    now,
    refuse: () =>
      new ProblemError('unavailable', 'More messages are waiting to be stored than can be: try again soon.', {
        retryAfter: 1,
      }),
  });
  const send = async (draft: Draft): Promise<Extract<Sent, { message: unknown }>> => {
    const sent = await lane(draft);
    if ('problem' in sent) throw sent.problem;
    return sent;
  };
  return Object.assign(send, { waitMs: lane.waitMs });
}
