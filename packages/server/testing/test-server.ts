import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startApp } from '../src/app.ts';
import type { Bus } from '../src/bus/bus.ts';
import { createMemoryNetwork } from '../src/bus/memory.ts';
import type { Clock, Stopwatch } from '../src/clock.ts';
import { readConfig, type Config } from '../src/config.ts';
import type { Db } from '../src/db/open.ts';
import { createLogger } from '../src/logger.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock, Stopwatch {
  /** What is to happen until then happens, in its order. */
  advance(seconds: number): void;
  /** Settles once something is to happen in so many milliseconds. */
  waiting(ms: number): Promise<void>;
}

export interface TestServer {
  /** Where it answers, e.g. `http://localhost:40123`. */
  url: string;
  db: Db;
  /** Where its files lie; a folder of its own unless one was given. */
  dataDir: string;
  clock: TestClock;
  /** Makes it look as if the turns of the event loop took so long. */
  setLoopMs(ms: number): void;
  /** What signs its access tokens. */
  secret: string;
  /** All that it has logged, at the finest level. */
  logs(): string;
  stop(): Promise<void>;
}

export function createTestClock(start = new Date()): TestClock {
  let moment = start.getTime();
  /** What is due first comes first; of what is due at one time, what was asked for first. */
  const timers: { at: number; act: () => void }[] = [];
  const watchers = new Set<{ ms: number; settle: () => void }>();
  return {
    now: () => new Date(moment),
    elapsed: () => moment,
    later(ms, act) {
      const at = moment + ms;
      timers.splice(timers.findLastIndex((timer) => timer.at <= at) + 1, 0, { at, act });
      for (const watcher of watchers) if (watcher.ms === ms) watcher.settle();
    },
    advance(seconds) {
      const end = moment + seconds * 1000;
      for (let [next] = timers; next !== undefined && next.at <= end; [next] = timers) {
        timers.shift();
        moment = Math.max(moment, next.at);
        next.act();
      }
      moment = end;
    },
    async waiting(ms) {
      if (timers.some(({ at }) => at === moment + ms)) return;
      await new Promise<void>((resolve) => {
        const watcher = {
          ms,
          settle() {
            watchers.delete(watcher);
            resolve();
          },
        };
        watchers.add(watcher);
      });
    },
  };
}

/** What a server under test has in common with others. */
export interface Shared {
  database: TestDatabase;
  bus: Bus;
  clock: TestClock;
}

/**
 * A real server on a port of its own and, unless it shares one, a database of its own.
 *
 * @param changes settings other than the defaults; throttles are off unless asked for.
 * @param webFolder where a web client is built to; without it the server has none.
 */
export async function startTestServer(
  changes: Partial<Config> = {},
  shared: Partial<Shared> = {},
  webFolder?: string,
): Promise<TestServer> {
  const database = shared.database ?? (await createTestDatabase(changes.databasePoolSize));
  const bus = shared.bus ?? createMemoryNetwork().connect();
  const clock = shared.clock ?? createTestClock();
  const load = { loopMs: 0 };
  const logs: string[] = [];
  const destination = new PassThrough();
  destination.on('data', (chunk: Buffer) => logs.push(chunk.toString()));
  const secret = 'the secret of a server under test, long enough';
  const dataDir = changes.dataDir ?? (await mkdtemp(join(tmpdir(), 'beseda-test-')));
  const app = await startApp({
    config: {
      ...readConfig({}, '/nowhere'),
      port: 0,
      host: '127.0.0.1',
      rateLimits: false,
      drainTime: 0,
      ...changes,
      dataDir,
    },
    database,
    bus,
    secret,
    clock,
    loopMs: () => load.loopMs,
    stopwatch: clock,
    logger: createLogger('trace', destination),
    webFolder,
  });
  return {
    url: app.address,
    db: database.db,
    dataDir,
    clock,
    setLoopMs: (ms) => {
      load.loopMs = ms;
    },
    secret,
    logs: () => logs.join(''),
    async stop() {
      await app.stop();
      await bus.close();
      if (shared.database === undefined) await database.drop();
      if (changes.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
