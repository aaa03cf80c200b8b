import type { Clock } from '../clock.ts';
import { ProblemError } from '../domain/problem.ts';
import { sendMessages, type Draft, type Sent } from '../domain/send-messages.ts';
import { createLane } from '../domain/write-lane.ts';
import type { Perform } from './perform.ts';

/** Sends a message; settles once it is committed and told to those who listen. */
export type Send = (draft: Draft) => Promise<Extract<Sent, { message: unknown }>>;

/** Messages of one transaction at most: a few milliseconds of work, so that the next batch is not kept waiting. */
const MAX_BATCH = 256;

/** Messages that may wait: some seconds of work. A further one is refused at once rather than late. */
const MAX_WAITING = 20_000;

/**
 * The one path by which messages are written, whatever door they came through.
 *
 * @throws (the returned function) ProblemError `chat_not_found`, `message_not_found` (of what it answers), `unavailable`.
 */
export function createSend(perform: Perform, clock: Clock): Send {
  const store = async (drafts: readonly Draft[]): Promise<readonly Sent[]> =>
    perform(async (tx) => sendMessages(tx, drafts, clock.now()));
  const lane = createLane<Draft, Sent>(store, {
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    refuse: () =>
      new ProblemError('unavailable', 'More messages are waiting to be stored than can be: try again soon.', {
        retryAfter: 1,
      }),
  });
  return async (draft) => {
    const sent = await lane(draft);
    if ('problem' in sent) throw sent.problem;
    return sent;
  };
}
