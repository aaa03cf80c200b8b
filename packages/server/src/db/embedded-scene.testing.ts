import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import type { HolderLine, HolderOrder } from './embedded-holder.testing.ts';
import type { Account } from './embedded/account.ts';
import { findNativeFolder } from './embedded/binaries.ts';
import type { EmbeddedOptions, EmbeddedPostgres } from './embedded/contract.ts';
import type { Surroundings } from './embedded/open.ts';
import { openIn } from './embedded/open.ts';
import { findRunning } from './embedded/running.ts';

const HOLDER = fileURLToPath(new URL('embedded-holder.testing.ts', import.meta.url));

export const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** Polls until `condition` gives something else than undefined or false; fails after `deadlineMs`. */
export async function until<Result>(
  what: string,
  condition: () => Result | Promise<Result>,
  deadlineMs = 10_000,
): Promise<Exclude<Result, undefined | false>> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) return result as Exclude<Result, undefined | false>;
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await delay(20);
  }
}

/** Runs one statement on a connection of its own. */
export async function query(
  connection: Omit<EmbeddedPostgres['connection'], 'options'>,
  text: string,
): Promise<Record<string, unknown>[]> {
  const client = new Client({ ...connection, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

/** Another process that holds, or shares, an embedded database. */
export interface Holder {
  pid: number;
  lines: HolderLine[];
  /** resolves with the connection, rejects with what the holder could not do */
  ready: () => Promise<Extract<HolderLine, { ready: true }>>;
  write: (line: string) => void;
  kill: (signal: NodeJS.Signals) => void;
  /** to the whole group of processes, as Ctrl-C in a terminal does */
  killGroup: (signal: NodeJS.Signals) => void;
  ended: Promise<void>;
}

/** Enough for the few clusters that stand at a time, of 60 MB each. */
const MEMORY_NEEDED_BYTES = 1024 ** 3;

/**
 * Where the clusters of tests lie: in memory where there is room, as most of the time would else go into writing and
 * removing files. (What these tests kill are processes, which lose nothing that the kernel has.)
 */
function folderForClusters(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    accessSync('/dev/shm', constants.W_OK);
    return bavail * bsize > MEMORY_NEEDED_BYTES ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** The stage of the tests of one file: its folders and processes. */
export function makeScene() {
  const folders: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];

  const newFolder = (parent: string): string => {
    const folder = mkdtempSync(join(parent, 'beseda-test-'));
    // Others may pass, as tests also run PostgreSQL and the holder as another user.
    chmodSync(folder, 0o711);
    folders.push(folder);
    return folder;
  };
  /** A path where nothing is, for a data folder. */
  const newPath = (): string => join(newFolder(folderForClusters()), 'data');
  /** A path where nothing is, for programs: memory may be mounted so that it cannot hold any. */
  const newProgramPath = (): string => join(newFolder(tmpdir()), 'programs');

  let cache: string | undefined;
  const surroundings = (): Surroundings => ({
    native: findNativeFolder(),
    systemCopyFolder: (cache ??= newProgramPath()),
    temporaryFolder: tmpdir(),
  });

  const open = async (
    dataDir: string,
    options: Partial<EmbeddedOptions> = {},
    changed: Partial<Surroundings> = {},
  ): Promise<EmbeddedPostgres & { told: string[] }> => {
    const told: string[] = [];
    const embedded = await openIn(
      { ...surroundings(), ...changed },
      { dataDir, role: 'server', mode: 'own', tell: (line) => told.push(line), ...options },
    );
    closing.push(() => embedded.stop());
    return { ...embedded, told };
  };

  let template: string | undefined;
  /** A data folder with a cluster that has been started and stopped before. */
  const newCluster = async (): Promise<string> => {
    if (template === undefined) {
      const made = newPath();
      const first = await open(made);
      await first.stop();
      template = made;
    }
    const copy = newPath();
    execFileSync('cp', ['-a', template, copy]);
    return copy;
  };

  const hold = (dataDir: string, options: Partial<EmbeddedOptions> = {}, account?: Account): Holder => {
    const order: HolderOrder = {
      surroundings: surroundings(),
      options: { dataDir, role: 'server', mode: 'own', ...options },
    };
    const child: ChildProcess = spawn(process.execPath, [HOLDER, JSON.stringify(order)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
      cwd: '/',
      env: {},
      ...account,
    });
    const { pid, stdin, stdout } = child;
    if (pid === undefined || !stdin || !stdout) throw new Error('the holder did not start');
    const lines: HolderLine[] = [];
    createInterface({ input: stdout }).on('line', (line) => lines.push(JSON.parse(line) as HolderLine));
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
    });
    closing.push(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return {
      pid,
      lines,
      ready: () =>
        until('the holder is ready', () => {
          const failure = lines.find((line) => 'failed' in line);
          if (failure) throw new Error(failure.failed);
          return lines.find((line) => 'ready' in line);
        }),
      write: (line) => stdin.write(`${line}\n`),
      kill: (signal) => child.kill(signal),
      killGroup: (signal) => process.kill(-pid, signal),
      ended,
    };
  };

  return {
    surroundings,
    newPath,
    newProgramPath,
    newCluster,
    open,
    hold,
    /** After each test: ends what was started and removes its folders; fails when a process is left. */
    tidy: async (): Promise<void> => {
      await Promise.all(closing.splice(0).map((close) => close()));
      const kept = new Set([template, cache].map((path) => path && dirname(path)));
      const used = folders.filter((folder) => !kept.has(folder));
      await until('all processes have ended', () => !isNamedByAProcess(used));
      for (const folder of used) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
      folders.splice(0, folders.length, ...folders.filter((folder) => kept.has(folder)));
    },
    /** After all tests. */
    clear: (): void => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function isNamedByAProcess(folders: string[]): boolean {
  return processTable().some(({ command }) => folders.some((folder) => command.includes(folder)));
}

/** All processes of the machine. */
export function processTable(): { pid: number; parent: number; command: string }[] {
  const table = execFileSync('ps', ['-ww', '-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** The postmaster that the cluster's postmaster.pid names. */
export function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** The watchdog that looks after a postmaster. */
export function watchdogOf(postmaster: number): number | undefined {
  const lines = execFileSync('ps', ['-ww', '-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  // The script has several lines; the last one of the entry ends with the arguments.
  const entry = new RegExp(`^\\s*(\\d+) /bin/sh -c trap (?:(?!^\\s*\\d+ )[^])*? sh ${postmaster}$`, 'm').exec(lines);
  return entry ? Number(entry[1]) : undefined;
}

/** Resolves when no PostgreSQL works on the data folder's cluster any more. */
export async function untilEnded(dataDir: string): Promise<void> {
  await until('PostgreSQL has ended', async () => (await findRunning(join(dataDir, 'postgres'))).length === 0);
}

export function isRunning(pid: number): boolean {
  if (process.platform === 'linux') {
    if (!existsSync(`/proc/${pid}/stat`)) return false;
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  }
  return processTable().some((entry) => entry.pid === pid);
}

/** A folder owned by `account`, for processes that run as it. */
export function give(path: string, account: Account): void {
  chownSync(path, account.uid, account.gid);
}
