import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, chown, lstat, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../startup-error.ts';
import type { Account } from './account.ts';
import { giveFolder } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { DataFolder } from './data-folder.ts';
import { stagingPath } from './data-folder.ts';
import { codeOf, explaining } from './file-problem.ts';
import { spawnGuarded } from './guarded-process.ts';
import { preparePassword } from './password.ts';
import type { ServerLog } from './server-log.ts';
import { ROLE } from './settings.ts';

/**
 * The path of the cluster as PostgreSQL is told it. Its processes are started inside the folder, and on Linux this
 * leads them back there, although their account may be unable to walk down to it from / (below /root, say).
 */
export function pathForServer(folder: string, account: Account | undefined): string {
  return account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder;
}

async function lookUp(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the data folder has a cluster; throws when what it has is not one, or one of another major version. */
export async function hasCluster(folder: DataFolder, major: string): Promise<boolean> {
  return explaining(`The database folder ${folder.cluster} cannot be read`, async () => {
    const found = await lookUp(folder.cluster);
    if (found === undefined) return false;
    if (!found.isDirectory()) throw notACluster(folder);
    const names = await readdir(folder.cluster);
    if (names.length === 0) return false;
    if (!names.includes('PG_VERSION') || !names.includes('global')) throw notACluster(folder);
    const version = (await readFile(join(folder.cluster, 'PG_VERSION'), 'utf8')).trim();
    if (version === major) return true;
    throw new StartupError(
      `DATA_DIR ${folder.path} holds a database of PostgreSQL ${version}; this Beseda brings PostgreSQL ${major}, ` +
        'which cannot open it. Nothing was changed.\n' +
        'Start the Beseda version that made it, dump the database there with a pg_dump of your system (none comes ' +
        'with Beseda), and restore the dump into a new DATA_DIR; or set DATABASE_URL to a PostgreSQL of your own.',
    );
  });
}

function notACluster(folder: DataFolder): StartupError {
  return new StartupError(
    `${folder.cluster} exists but is no PostgreSQL database folder. Nothing was changed.\n` +
      'Move it away, or choose another DATA_DIR.',
  );
}

async function runInitdb(
  place: { staging: string; draft: string },
  binaries: Binaries,
  account: Account | undefined,
  log: ServerLog,
): Promise<void> {
  log.mark();
  const initdb = spawnGuarded({
    command: binaries.initdb,
    args: [
      `--pgdata=${pathForServer(place.draft, account)}`,
      `--username=${ROLE}`,
      '--pwfile=../password',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorting and letter cases of PostgreSQL itself: an update of the machine's C library cannot corrupt an index.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-locale',
      // The default since PostgreSQL 18, and a promise of ours: a disk that rots is noticed.
      '--data-checksums',
      '--no-instructions',
    ],
    cwd: place.draft,
    account,
    output: log.fd,
  });
  const { code, how } = await initdb.ended;
  if (code === 0) return;
  throw new StartupError(`The database could not be set up (initdb: ${how}):\n${log.tail(6)}`);
}

/** A rename is on disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes the cluster: complete in a folder of another name first, then renamed, so that one that broke off half-way
 * is never taken for a database.
 */
export async function createCluster(
  folder: DataFolder,
  binaries: Binaries,
  account: Account | undefined,
  log: ServerLog,
): Promise<void> {
  await explaining(`The database cannot be set up in DATA_DIR ${folder.path}`, async () => {
    const password = await preparePassword(folder);
    const staging = stagingPath(folder, randomBytes(6).toString('hex'));
    const draft = join(staging, 'cluster');
    try {
      await mkdir(staging, { mode: 0o700 });
      await mkdir(draft, { mode: 0o700 });
      await writeFile(join(staging, 'password'), password, { mode: 0o600, flag: 'wx' });
      if (account) {
        await Promise.all(
          [staging, draft, join(staging, 'password')].map((path) => chown(path, account.uid, account.gid)),
        );
      }
      await runInitdb({ staging, draft }, binaries, account, log);
      await rename(draft, folder.cluster);
      await syncFolder(folder.path);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  });
}

/** Sets owner and mode as PostgreSQL demands them, where a restored backup or a copy has lost them. */
export async function mendOwnership(folder: DataFolder, account: Account | undefined): Promise<void> {
  await explaining(`The database folder ${folder.cluster} cannot be made private`, async () => {
    const found = await lstat(folder.cluster);
    if (account && found.uid === 0) await giveFolder(folder.cluster, account);
    if ((found.mode & 0o027) !== 0) await chmod(folder.cluster, 0o700);
  });
}
