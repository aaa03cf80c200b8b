import type { Db } from '../db/open.ts';
import type { Pipelined, Steps } from '../db/pipeline.ts';
import type { Outcome } from '../domain/events.ts';
import type { Hub } from './hub.ts';
import { isOutOfDate } from '../db/prepared.ts';

/** Runs a rule that writes: in one transaction, and once that is committed, tells its events. */
export type Perform = <T>(rule: (tx: Db) => Promise<Outcome<T>>) => Promise<T>;

/** SQLSTATEs of a transaction that lost against another one and succeeds when run again (PostgreSQL, appendix A). */
const LOST_AGAINST_ANOTHER = new Set(['40001', '40P01']);

/** How often a transaction is run again; each time at least one other has got through. */
const ATTEMPTS = 5;

export function createPerform(db: Db, hub: Hub): Perform {
  return async (rule) => {
    const { result, events } = await retried(async () => db.transaction().execute(rule));
    hub.publish(events);
    return result;
  };
}

/** {@link Perform} for a rule whose statements need not wait for each other. */
export type PerformPipelined = <T>(rule: (steps: Steps) => Promise<Outcome<T>>) => Promise<T>;

export function createPerformPipelined(pipelined: Pipelined, hub: Hub): PerformPipelined {
  return async (rule) => {
    const { result, events } = await retried(async () => pipelined(rule));
    hub.publish(events);
    return result;
  };
}

async function retried<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === ATTEMPTS || !lostAgainstAnother(error)) throw error;
    }
  }
}

function lostAgainstAnother(error: unknown): boolean {
  if (isOutOfDate(error)) return true;
  return error instanceof Error && 'code' in error && LOST_AGAINST_ANOTHER.has(String(error.code));
}
