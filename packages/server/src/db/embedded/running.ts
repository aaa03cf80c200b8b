import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StartupError } from '../../startup-error.ts';

/** How long a PostgreSQL left by a dead server may take to shut down before it is ended the hard way. */
const PATIENCE_MS = { fast: 10_000, immediate: 5_000 };
const POLL_MS = 20;

async function recordedPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

async function runsIn(pid: string, cluster: { dev: number; ino: number }): Promise<boolean> {
  try {
    // After an update of the package the running program is the removed one, and Linux says so behind its name.
    const program = basename(await readlink(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
    if (program !== 'postgres') return false;
    const folder = await stat(`/proc/${pid}/cwd`);
    return folder.dev === cluster.dev && folder.ino === cluster.ino;
  } catch {
    // Gone in the meantime, or of another user, whose PostgreSQL would refuse a cluster that is not its own.
    return false;
  }
}

async function findThroughProc(cluster: string): Promise<number[]> {
  const folder = await stat(cluster);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => ((await runsIn(pid, folder)) ? [Number(pid)] : [])));
  return found.flat();
}

async function findThroughPs(cluster: string): Promise<number[]> {
  const pid = await recordedPid(cluster);
  if (pid === undefined) return [];
  // The command line of a postmaster stays what it was started with, and names the folder.
  const shown = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  const command = shown?.stdout ?? '';
  return command.includes('postgres') && command.includes(cluster) ? [pid] : [];
}

/**
 * The PostgreSQL processes that work on the cluster: on Linux all of them, also the children of a killed postmaster,
 * known by their working folder; elsewhere the postmaster that postmaster.pid names, if it is one.
 */
export async function findRunning(cluster: string): Promise<number[]> {
  return process.platform === 'linux' ? findThroughProc(cluster) : findThroughPs(cluster);
}

function signal(pids: number[], name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended in the meantime.
    }
  }
}

async function waitUntilNone(cluster: string, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while ((await findRunning(cluster)).length > 0) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/**
 * Sees to it that no PostgreSQL works on the cluster any more, and takes away the postmaster.pid of a dead one (its
 * pid may belong to a stranger by now, whom PostgreSQL would take for a postmaster).
 *
 * Only for the holder of the lock: whatever still runs has lost its server, and is being shut down by its watchdog
 * already, so that asking once more changes nothing and helps when the watchdog died, too.
 */
export async function endRunning(cluster: string): Promise<void> {
  const running = await findRunning(cluster);
  if (running.length > 0) {
    const postmaster = await recordedPid(cluster);
    // Without a postmaster, its children are only about to notice, which a busy one does late.
    if (postmaster !== undefined && running.includes(postmaster)) signal([postmaster], 'SIGINT');
    else signal(running, 'SIGQUIT');
    if (!(await waitUntilNone(cluster, PATIENCE_MS.fast))) {
      signal(await findRunning(cluster), 'SIGQUIT');
      if (!(await waitUntilNone(cluster, PATIENCE_MS.immediate))) {
        signal(await findRunning(cluster), 'SIGKILL');
        if (!(await waitUntilNone(cluster, PATIENCE_MS.immediate))) {
          const pids = (await findRunning(cluster)).join(', ');
          throw new StartupError(`PostgreSQL (pid ${pids}) still works on ${cluster} and cannot be ended.`);
        }
      }
    }
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
}
