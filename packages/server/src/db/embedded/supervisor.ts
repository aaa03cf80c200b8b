import { setTimeout as delay } from 'node:timers/promises';
import type { GuardedProcess } from './guarded-process.ts';
import type { ServerPlan } from './postmaster.ts';
import { spawnPostmaster, stopPostmaster, waitUntilReady } from './postmaster.ts';
import { endRunning } from './running.ts';

/** Waits before the restarts in a row; the last one repeats, as a full disk may be mended hours later. */
const RESTART_DELAYS_MS = [50, 200, 1_000, 3_000, 5_000];

/** A server that served for this long is not held to have failed in a row with the one before: it is started at once. */
const STEADY_MS = 5_000;

/** What PostgreSQL logs while processes of the one before still live, or are just being born. */
const STILL_IN_USE = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/;
const FIRST_ATTEMPTS = 15;
const FIRST_ATTEMPT_DELAY_MS = 300;

/** A running server that is started again when it ends by itself. */
export interface Supervised {
  stop: () => Promise<void>;
}

/** Starts the server, waits until it is ready, and from then on keeps it running until `stop`. */
export async function supervise(plan: ServerPlan): Promise<Supervised> {
  const stopping = new AbortController();
  let current = spawnPostmaster(plan);
  let restarting: Promise<void> = Promise.resolve();
  let failures = 0;

  const startAgain = async (): Promise<void> => {
    let told = false;
    while (!stopping.signal.aborted) {
      const wait = RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)];
      failures += 1;
      await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        // Children of a killed postmaster still hold its shared memory for a moment.
        await endRunning(plan.cluster);
        if (stopping.signal.aborted) return;
        current = spawnPostmaster(plan);
        await waitUntilReady(current, plan);
        void watch(current);
        plan.tell('The database is back.');
        return;
      } catch (error) {
        await stopPostmaster(current);
        if (!told && failures >= RESTART_DELAYS_MS.length && !stopping.signal.aborted) {
          told = true;
          plan.tell(`The database cannot be started again so far. ${error instanceof Error ? error.message : ''}`);
        }
      }
    }
  };

  const watch = async (server: GuardedProcess): Promise<void> => {
    const since = Date.now();
    const { how } = await server.ended;
    if (stopping.signal.aborted) return;
    if (Date.now() - since > STEADY_MS) failures = 0;
    plan.tell(`The database ended unexpectedly (${how}); starting it again …`);
    restarting = startAgain();
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await waitUntilReady(current, plan);
      break;
    } catch (error) {
      await stopPostmaster(current);
      // The last children of a killed server, which only Linux lets us find and end, go within moments.
      if (attempt === FIRST_ATTEMPTS || !STILL_IN_USE.test(plan.log.tail(6))) throw error;
      await delay(FIRST_ATTEMPT_DELAY_MS);
      await endRunning(plan.cluster);
      current = spawnPostmaster(plan);
    }
  }
  void watch(current);
  return {
    stop: async () => {
      stopping.abort();
      await stopPostmaster(current);
      await restarting;
      // A restart that was under way may have brought another one.
      await stopPostmaster(current);
    },
  };
}
