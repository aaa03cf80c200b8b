import { join } from 'node:path';
import { StartupError } from '../../startup-error.ts';
import { canEnter, chooseAccount } from './account.ts';
import type { Account } from './account.ts';
import { prepareBinaries } from './binaries.ts';
import { lockOrConnect } from './claim.ts';
import { createCluster, hasCluster, mendOwnership } from './cluster.ts';
import { connectionTo } from './connection.ts';
import type { EmbeddedOptions, EmbeddedPostgres } from './contract.ts';
import type { DataFolder } from './data-folder.ts';
import { giveToFolderOwner, layOut, makeDataFolder, removeUnfinished } from './data-folder.ts';
import { explaining } from './file-problem.ts';
import type { OwnerRecord } from './owner-record.ts';
import { readOwner, removeOwner, writeOwner } from './owner-record.ts';
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

/** All that follows once the lock is ours. Each step leaves in `undo` what takes it back. */
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
    try {
      writeOwner(folder, { ...record, stopping: true });
    } catch {
      // Only a courtesy to who starts at this moment; a full disk must not keep the database from being shut down.
    }
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
