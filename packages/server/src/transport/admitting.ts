import type { Clock } from '../clock.ts';
import type { Db } from '../db/open.ts';
import { admissions, type Admission, type Asking } from '../domain/admission.ts';
import { createLane, type Lane } from '../domain/lane.ts';
import { overloaded } from './overload.ts';

/**
 * Asks the database about one who asks something of the server. Those who come while it is asked go into the next
 * statement together, so each is looked up after it came, and a lone one at once.
 */
export type Admit = Lane<Asking, Admission>;

/** Look-ups of one statement at most: some 2 ms of work. */
const MAX_BATCH = 256;

/** Those that may wait at all. */
const MAX_WAITING = 20_000;

/** As long as a statement waits for a connection; who would wait longer is refused at once. */
const MAX_WAIT_MS = 2000;

/**
 * @param now milliseconds from some moment on, which never go back.
 * @throws (the returned function) ProblemError `unavailable`.
 */
export function createAdmit(db: Db, clock: Clock, now: () => number): Admit {
  return createLane(async (asking: readonly Asking[]) => admissions(db, asking, clock.now()), {
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    maxWaitMs: MAX_WAIT_MS,
    now,
    refuse: overloaded,
  });
}
