import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Account } from './account.ts';
import { CHILD_ENVIRONMENT } from './child-environment.ts';

/**
 * Waits for a line before it turns into the command: until then its watchdog does not exist, and should this server
 * be killed in between, the pipe closes and nothing is started.
 */
const GATE = 'read -r _ && exec "$@" </dev/null';

/**
 * Holds a pipe from this server. A line on it means that all is well and over; its end without one means that the
 * server is gone, however it went: then a fast shutdown (SIGINT), and after 30 s an immediate one (SIGQUIT).
 * It ignores the polite signals, as service managers send those to every process of a service, and the watchdog is
 * needed longest of all.
 */
const WATCHDOG = `trap '' TERM INT HUP
read -r _ && exit 0
kill -INT "$1" 2>/dev/null || exit 0
seconds=0
while [ "$seconds" -lt 30 ]; do
  sleep 1
  kill -0 "$1" 2>/dev/null || exit 0
  seconds=$((seconds + 1))
done
kill -QUIT "$1" 2>/dev/null`;

/** Restarts of a watchdog that dies by itself while its process lives: more would mean that something hunts it. */
const WATCHDOG_LIVES = 20;

/** A process that ends when this one does. */
export interface GuardedProcess {
  /** undefined when it could not be started; `ended` then says why */
  pid: number | undefined;
  /** resolves, with words for a person, once the process has ended and its watchdog is gone */
  ended: Promise<{ code: number | null; how: string }>;
  signal: (name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => void;
}

export interface GuardedCommand {
  command: string;
  args: string[];
  cwd: string;
  account: Account | undefined;
  /** file descriptor for stdout and stderr */
  output: number;
}

function endOf(child: ChildProcess): Promise<{ code: number | null; how: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, how: error.message }));
    child.once('exit', (code, signal) =>
      resolve({ code, how: signal === null ? `exit code ${code}` : `killed by ${signal}` }),
    );
  });
}

function spawnShell(script: string, args: string[], options: Pick<GuardedCommand, 'account' | 'cwd' | 'output'>) {
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], {
    // A session of its own: Ctrl-C in the terminal must not reach the database before the server has finished.
    detached: true,
    cwd: options.cwd,
    env: CHILD_ENVIRONMENT,
    ...options.account,
    stdio: ['pipe', options.output, options.output],
  });
  // The other end may be gone before a line arrives; its 'exit' tells all there is to tell.
  child.stdin?.on('error', () => undefined);
  return child;
}

function keepWatchdog(pid: number, options: Pick<GuardedCommand, 'account' | 'output'>) {
  let over = false;
  let lives = 0;
  let current: ChildProcess;
  let ended: Promise<unknown>;
  const relaunchAfter = async (watchdog: ChildProcess): Promise<void> => {
    await endOf(watchdog);
    if (over || lives >= WATCHDOG_LIVES) return;
    try {
      launch();
    } catch {
      // The machine is out of processes or memory. Without a watchdog, the next start cleans up.
    }
  };
  const launch = (): void => {
    lives += 1;
    current = spawnShell(WATCHDOG, [String(pid)], { ...options, cwd: '/' });
    ended = relaunchAfter(current);
  };
  launch();
  return {
    dismiss: async () => {
      over = true;
      current.stdin?.end('over\n');
      await ended;
    },
  };
}

/**
 * Starts a process that is guarded by a watchdog: when this server ends in any way, SIGKILL included, the watchdog
 * shuts it down. The watchdog is a shell script, hence the same on Linux and macOS.
 */
export function spawnGuarded(command: GuardedCommand): GuardedProcess {
  const child = spawnShell(GATE, [command.command, ...command.args], command);
  const ending = endOf(child);
  const { pid } = child;
  let watchdog: ReturnType<typeof keepWatchdog> | undefined;
  try {
    watchdog = pid === undefined ? undefined : keepWatchdog(pid, command);
  } catch (error) {
    child.stdin?.destroy();
    throw error;
  }
  child.stdin?.end('go\n');
  const endThenDismiss = async (): Promise<Awaited<typeof ending>> => {
    const end = await ending;
    await watchdog?.dismiss();
    return end;
  };
  return {
    pid,
    ended: endThenDismiss(),
    signal: (name) => child.kill(name),
  };
}
