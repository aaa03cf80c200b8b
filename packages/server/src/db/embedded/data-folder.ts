import { chownSync, lstatSync, statSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRoot } from './account.ts';
import { explaining } from './file-problem.ts';

/** Where the parts of the embedded database lie. All paths are absolute. */
export interface DataFolder {
  path: string;
  /** the PostgreSQL cluster (PGDATA) */
  cluster: string;
  log: string;
  password: string;
  /** the kernel lock; nothing but `lockFolder` may ever open it */
  lock: string;
  /** who holds the lock, for messages and for those who share */
  owner: string;
}

const STAGING_PREFIX = 'postgres.new-';

/** The layout of a data folder; touches nothing. */
export function layOut(path: string): DataFolder {
  return {
    path,
    cluster: join(path, 'postgres'),
    log: join(path, 'postgres.log'),
    password: join(path, 'postgres.password'),
    lock: join(path, 'owner.lock'),
    owner: join(path, 'owner.json'),
  };
}

/** Makes the data folder, private to its user; one that exists keeps the permissions its owner gave it. */
export async function makeDataFolder(path: string): Promise<void> {
  const isFolder = async (): Promise<boolean> => (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  await explaining(`DATA_DIR ${path} cannot be made`, async () => {
    if (await isFolder()) return;
    await mkdir(dirname(path), { recursive: true });
    // Where the account of PostgreSQL has to walk down to the cluster, it needs to pass (but not to look around).
    try {
      await mkdir(path, { mode: isRoot() && process.platform !== 'linux' ? 0o711 : 0o700 });
    } catch (error) {
      // Another first start may just have made it.
      if (!(await isFolder())) throw error;
    }
  });
}

/** A name for a cluster in the making. */
export function stagingPath(folder: DataFolder, unique: string): string {
  return join(folder.path, `${STAGING_PREFIX}${unique}`);
}

/** Removes clusters that were never finished. Only for the holder of the lock: then no living process works on them. */
export async function removeUnfinished(folder: DataFolder): Promise<void> {
  const names = await readdir(folder.path);
  const unfinished = names.filter((name) => name.startsWith(STAGING_PREFIX));
  await Promise.all(
    unfinished.map((name) => rm(join(folder.path, name), { recursive: true, force: true, maxRetries: 3 })),
  );
}

/**
 * Gives a file that root wrote into another user's data folder to that user, so that one start with sudo does not
 * lock them out of it. Goes by the path: opening and closing the lock file would release a lock on it.
 */
export function giveToFolderOwner(folder: DataFolder, file: string): void {
  if (!isRoot() || lstatSync(file).isSymbolicLink()) return;
  const { uid, gid } = statSync(folder.path);
  if (uid !== 0) chownSync(file, uid, gid);
}
