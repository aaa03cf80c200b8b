import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../startup-error.ts';
import { ask, connectionTo } from './connection.ts';
import type { EmbeddedOptions, EmbeddedPostgres } from './contract.ts';
import type { DataFolder } from './data-folder.ts';
import { codeOf } from './file-problem.ts';
import { lockFolder } from './folder-lock.ts';
import { describeOwner, readOwner } from './owner-record.ts';
import { readPassword } from './password.ts';

const POLL_MS = 50;

/** How long a holder may take to say who it is, or to finish its shutdown. */
const UNNAMED_PATIENCE_MS = 10_000;

/** A killed process holds its lock until the kernel has taken it down; with much memory that takes a moment. */
const DYING_PATIENCE_MS = 500;

/** How long another process may take to start the database that we want to share; a first start is the longest. */
const SHARE_PATIENCE_MS = 60_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function nothingToDo(): Promise<void> {
  // Who only connected has nothing to announce and nothing to end.
}

async function connectToRunning(folder: DataFolder): Promise<EmbeddedPostgres | undefined> {
  const socketFolder = readOwner(folder)?.socketFolder;
  if (socketFolder === undefined) return undefined;
  const connection = connectionTo(socketFolder, await readPassword(folder));
  if ((await ask(connection)) !== 'ready') return undefined;
  return { connection, owned: false, announce: nothingToDo, stop: nothingToDo };
}

function inUse(folder: DataFolder): StartupError {
  const owner = readOwner(folder);
  if (owner) return new StartupError(describeOwner(folder, owner));
  return new StartupError(`DATA_DIR ${folder.path} is in use by another Beseda that is just starting or stopping.`);
}

/**
 * Resolves with the release of the lock once we hold it, or in mode 'share' with a connection to the database of who
 * holds it. In mode 'own', throws once it is known who that is.
 */
export async function lockOrConnect(
  folder: DataFolder,
  mode: EmbeddedOptions['mode'],
): Promise<(() => void) | EmbeddedPostgres> {
  const startedAt = Date.now();
  const deadline = startedAt + (mode === 'share' ? SHARE_PATIENCE_MS : UNNAMED_PATIENCE_MS);
  for (;;) {
    const release = lockFolder(folder.lock);
    if (release) return release;
    if (mode === 'share') {
      const running = await connectToRunning(folder);
      if (running) return running;
    } else {
      const owner = readOwner(folder);
      // The record of a dead one is about to be replaced by who has just taken the lock.
      const named = owner !== undefined && !owner.stopping && isAlive(owner.pid);
      if (named && Date.now() - startedAt > DYING_PATIENCE_MS) throw inUse(folder);
    }
    if (Date.now() > deadline) throw inUse(folder);
    await delay(POLL_MS);
  }
}
