import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBeseda, type BesedaProcess } from './beseda-process.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

/** A server in a process of its own, on a database of the test's. */
export interface ServerProcess {
  url: string;
  process: BesedaProcess;
  database: TestDatabase;
  /** What the process holds in memory, in bytes (Linux only). */
  memory(): number;
  /** Stops it, and takes its folder away, and the database unless it was given. */
  stop(): Promise<void>;
}

/**
 * @param settings other than the defaults; limits are off unless asked for.
 * @param given the database; without it the server gets one of its own.
 */
export async function startServerProcess(
  settings: Record<string, string> = {},
  given?: TestDatabase,
): Promise<ServerProcess> {
  const database = given ?? (await createTestDatabase(2));
  const directory = await mkdtemp(join(tmpdir(), 'beseda-process-'));
  const { host, port, user, password, database: name } = database.connection;
  const credentials = `${encodeURIComponent(String(user))}:${encodeURIComponent(String(password))}`;
  const child = runBeseda(
    ['start'],
    {
      DATABASE_URL: `postgresql://${credentials}@${encodeURIComponent(String(host))}:${port}/${name}`,
      PORT: '0',
      RATE_LIMITS: 'off',
      // The same for all, so that tokens of one are good for the next on its database.
      SECRET_KEY: 'the secret of servers under test, long enough',
      LOG_LEVEL: 'error',
      ...settings,
    },
    directory,
    MAIN,
  );
  return {
    url: await child.address(),
    process: child,
    database,
    memory: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    async stop() {
      child.signal('SIGTERM');
      await child.ended;
      if (given === undefined) await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
