import { createServer } from 'node:net';
import { chmod, chown, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StartupError } from '../../startup-error.ts';
import type { Account } from './account.ts';
import { canEnter } from './account.ts';
import { PORT } from './settings.ts';

/** sun_path of unix(7) holds 108 bytes on Linux and 104 on macOS, including the closing zero. */
const LONGEST_SOCKET_PATH = 103;

const TEMPORARY_PREFIX = 'beseda-socket-';

/** The folder of the socket, as its two sides name it. */
export interface SocketFolder {
  /** absolute, for those who connect */
  path: string;
  /** for PostgreSQL: relative to the cluster when it lies there, as its account may be unable to walk down from / */
  forServer: string;
  /** to be removed in the end, when it lies outside of the data folder */
  temporaryFolder?: string;
}

function isShortEnough(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${PORT}`)) <= LONGEST_SOCKET_PATH;
}

/** Some shared folders of virtual machines and containers store files but no sockets. */
async function takesSockets(folder: string): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(join(folder, 'probe'), resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the folder for the socket, private to the account that runs PostgreSQL: inside the cluster where that works,
 * else a new one of unpredictable name in a folder for temporary files.
 */
export async function makeSocketFolder(where: {
  cluster: string;
  account: Account | undefined;
  temporaryFolder: string;
}): Promise<SocketFolder> {
  const inside = join(where.cluster, 'socket');
  // What lies there is of a PostgreSQL that has ended; its lock file may name a pid that is a stranger's by now.
  await rm(inside, { recursive: true, force: true });
  if (isShortEnough(inside)) {
    await mkdir(inside, { mode: 0o700 });
    if (where.account) await chown(inside, where.account.uid, where.account.gid);
    if (await takesSockets(inside)) return { path: inside, forServer: 'socket' };
    await rm(inside, { recursive: true, force: true });
  }
  for (const parent of new Set([where.temporaryFolder, '/tmp'])) {
    const path = await mkdtemp(join(parent, TEMPORARY_PREFIX)).catch(() => undefined);
    if (path === undefined) continue;
    await chmod(path, 0o700);
    if (where.account) await chown(path, where.account.uid, where.account.gid);
    if (isShortEnough(path) && (await canEnter(path, where.account))) {
      return { path, forServer: path, temporaryFolder: path };
    }
    await rm(path, { recursive: true, force: true });
  }
  throw new StartupError(
    `There is no place for the socket of the database: ${inside} is too long or takes no sockets, and ` +
      `neither ${where.temporaryFolder} nor /tmp can be used. Choose a DATA_DIR with a shorter path.`,
  );
}

/**
 * Removes a folder that a former owner of the data folder left in a place for temporary files. The path comes from a
 * file, so only what looks like ours and belongs to us goes.
 */
export async function removeTemporaryFolder(path: string, account: Account | undefined): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  const ours = found !== undefined && (found.uid === process.getuid?.() || found.uid === account?.uid);
  if (ours && found.isDirectory() && /^beseda-(?:socket|postgresql)-/.test(basename(path))) {
    await rm(path, { recursive: true, force: true });
  }
}
