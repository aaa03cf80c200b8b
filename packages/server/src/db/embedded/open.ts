import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../startup-error.ts';
import { canEnter, chooseAccount } from './account.ts';
import type { Account } from './account.ts';
import { prepareBinaries } from './binaries.ts';
import { createCluster, hasCluster, mendOwnership } from './cluster.ts';
import { ask, connectionTo } from './connection.ts';
import type { EmbeddedOptions, EmbeddedPostgres } from './contract.ts';
import type { DataFolder } from './data-folder.ts';
import { giveToFolderOwner, layOut, makeDataFolder, removeUnfinished } from './data-folder.ts';
import { explaining } from './file-problem.ts';
import { lockFolder } from './folder-lock.ts';
import type { OwnerRecord } from './owner-record.ts';
import { describeOwner, readOwner, removeOwner, writeOwner } from './owner-record.ts';
import { readPassword } from './password.ts';
import { endRunning } from './running.ts';
import { openServerLog } from './server-log.ts';
import { makeSocketFolder, removeTemporaryFolder } from './socket-folder.ts';
import { supervise } from './supervisor.ts';

/** What is around the data folder; fixed for the product, chosen by tests. */
export interface Surroundings {
  /** `native` folder of the npm package */
  native: string;
  /** where root keeps a copy of the programs for an account that cannot reach `native` */
  systemCopyFolder: string;
  temporaryFolder: string;
}

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
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
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
async function lockOrConnect(
  folder: DataFolder,
  mode: EmbeddedOptions['mode'],
): Promise<(() => void) | EmbeddedPostgres> {
  const startedAt = Date.now();
  const deadline = startedAt + (mode === 'share' ? SHARE_PATIENCE_MS : UNNAMED_PATIENCE_MS);
  /* eslint-disable no-await-in-loop -- waiting for a condition */
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
  /* eslint-enable no-await-in-loop */
}

async function clearUp(folder: DataFolder, previous: OwnerRecord | undefined, account: Account | undefined) {
  await removeUnfinished(folder);
  await Promise.all((previous?.temporaryFolders ?? []).map((path) => removeTemporaryFolder(path, account)));
}

/** Only Linux lets PostgreSQL be started inside a folder that its account cannot walk down to. */
async function requireReachable(folder: DataFolder, account: Account | undefined): Promise<void> {
  if (account === undefined || process.platform === 'linux' || (await canEnter(folder.path, account))) return;
  throw new StartupError(
    `PostgreSQL does not run as root, and the user it runs as instead cannot reach DATA_DIR ${folder.path}.\n` +
      'Start Beseda as an ordinary user, or choose a DATA_DIR outside of private folders.',
  );
}

async function openAsOwner(
  surroundings: Surroundings,
  options: EmbeddedOptions,
  folder: DataFolder,
  undo: (() => Promise<void> | void)[],
): Promise<EmbeddedPostgres> {
  const previous = readOwner(folder);
  const record: OwnerRecord = {
    pid: process.pid,
    role: options.role,
    since: new Date().toISOString(),
    temporaryFolders: [...(previous?.temporaryFolders ?? [])],
  };
  writeOwner(folder, record);
  undo.push(() => removeOwner(folder));
  giveToFolderOwner(folder, folder.lock);

  const account = await chooseAccount(folder.path, folder.cluster);
  const binaries = await prepareBinaries({
    native: surroundings.native,
    account,
    copyFolder: account ? surroundings.systemCopyFolder : join(folder.path, 'postgres.binaries'),
    temporaryFolder: surroundings.temporaryFolder,
  });
  await requireReachable(folder, account);
  const log = openServerLog(folder);
  undo.push(() => log.close());

  const existing = await hasCluster(folder, binaries.major);
  if (existing) {
    await mendOwnership(folder, account);
    await endRunning(folder.cluster);
  }
  await clearUp(folder, previous, account);
  if (!existing) {
    options.tell('Preparing the database (first start) …');
    await createCluster(folder, binaries, account, log);
  }
  const password = await readPassword(folder);
  const socket = await makeSocketFolder({
    cluster: folder.cluster,
    account,
    temporaryFolder: surroundings.temporaryFolder,
  });
  const temporaryFolders = [binaries.temporaryFolder, socket.temporaryFolder].filter((path) => path !== undefined);
  undo.push(async () => {
    await Promise.all(temporaryFolders.map((path) => removeTemporaryFolder(path, account)));
  });
  record.temporaryFolders = temporaryFolders;
  record.socketFolder = socket.path;
  writeOwner(folder, record);

  const connection = connectionTo(socket.path, password);
  const supervised = await supervise({
    cluster: folder.cluster,
    socketFolderForServer: socket.forServer,
    connection,
    binaries,
    account,
    log,
    tell: options.tell,
  });
  undo.push(() => supervised.stop());
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    writeOwner(folder, { ...record, stopping: true });
    await unwind(undo);
  };
  return {
    connection,
    owned: true,
    announce: async (address) => {
      if (stopped !== undefined) return;
      record.address = address;
      writeOwner(folder, record);
    },
    stop: () => (stopped ??= stop()),
  };
}

/** Undoes what was done, last first. */
async function unwind(undo: (() => Promise<void> | void)[]): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    // eslint-disable-next-line no-await-in-loop -- each step relies on the one after it being undone
    await step();
  }
}

/** `openEmbedded` with given surroundings. */
export async function openIn(surroundings: Surroundings, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const folder = layOut(options.dataDir);
  await makeDataFolder(folder.path);
  const lockOrRunning = await explaining(`DATA_DIR ${folder.path} cannot be used`, () =>
    lockOrConnect(folder, options.mode),
  );
  if (typeof lockOrRunning !== 'function') return lockOrRunning;
  const undo: (() => Promise<void> | void)[] = [lockOrRunning];
  try {
    return await explaining(`DATA_DIR ${folder.path} cannot be used`, () =>
      openAsOwner(surroundings, options, folder, undo),
    );
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}
