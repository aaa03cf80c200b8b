import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../startup-error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { pathForServer } from './cluster.ts';
import type { Connection } from './connection.ts';
import { ask, createDatabase } from './connection.ts';
import type { GuardedProcess } from './guarded-process.ts';
import { spawnGuarded } from './guarded-process.ts';
import type { ServerLog } from './server-log.ts';
import { serverArguments } from './settings.ts';

const POLL_MS = 10;

/** After this long a person should hear that it goes on: reading back the log after a crash can take a while. */
const SLOW_START_MS = 5_000;

/** How long the server may take to shut down before it is asked more firmly. */
const STOP_PATIENCE_MS = { fast: 20_000, immediate: 5_000 };

/** All that is needed to start the server, any number of times. */
export interface ServerPlan {
  cluster: string;
  socketFolderForServer: string;
  connection: Connection;
  binaries: Binaries;
  account: Account | undefined;
  log: ServerLog;
  tell: (line: string) => void;
}

/** Starts the server; `waitUntilReady` tells when it can be used. */
export function spawnPostmaster(plan: ServerPlan): GuardedProcess {
  plan.log.mark();
  return spawnGuarded({
    command: plan.binaries.postgres,
    args: ['-D', pathForServer(plan.cluster, plan.account), ...serverArguments(plan.socketFolderForServer)],
    cwd: plan.cluster,
    account: plan.account,
    output: plan.log.fd,
  });
}

/**
 * Resolves when the server takes connections to the database `beseda`, which is made if it is not there. There is no
 * limit of time as long as the server lives; if it ends, the error shows the end of its log.
 */
export async function waitUntilReady(server: GuardedProcess, plan: ServerPlan): Promise<void> {
  let end: { how: string } | undefined;
  const noteEnd = async (): Promise<void> => {
    end = await server.ended;
  };
  void noteEnd();
  const startedAt = Date.now();
  let told = false;
  for (;;) {
    const answer = await ask(plan.connection);
    if (answer === 'ready') return;
    if (answer === 'missing') await createDatabase(plan.connection);
    if (end !== undefined) {
      throw new StartupError(`The embedded database did not start (${end.how}). Its log says:\n${plan.log.tail(6)}`);
    }
    if (!told && Date.now() - startedAt > SLOW_START_MS) {
      told = true;
      plan.tell('The database is still starting; after a crash it reads back its log …');
    }
    await delay(POLL_MS);
  }
}

/** Shuts the server down, fast at first; resolves when it and its watchdog have ended. */
export async function stopPostmaster(server: GuardedProcess): Promise<void> {
  let ended = false;
  const noteEnd = async (): Promise<void> => {
    await server.ended;
    ended = true;
  };
  const end = noteEnd();
  const within = async (milliseconds: number): Promise<boolean> => {
    const timer = new AbortController();
    await Promise.race([end, delay(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    return ended;
  };
  server.signal('SIGINT');
  if (await within(STOP_PATIENCE_MS.fast)) return;
  server.signal('SIGQUIT');
  if (await within(STOP_PATIENCE_MS.immediate)) return;
  server.signal('SIGKILL');
  await end;
}
