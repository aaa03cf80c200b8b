import { createHash, randomBytes } from 'node:crypto';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** For building against PostgreSQL, not for running it. */
const NOT_NEEDED = /\.a$|[/\\](?:pgxs|pkgconfig)$/;

type MakeLinks = (native: string) => Promise<boolean>;

/** Root must not run programs that somebody else could have put there or can change. */
async function isOursAlone(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

async function fillCopy(native: string, target: string, makeLinks: MakeLinks): Promise<void> {
  await cp(native, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !NOT_NEEDED.test(source),
  });
  // The original may be private to its owner (npm under umask 077), the copy is there to be reached.
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  await Promise.all(
    [
      target,
      ...entries.filter((entry) => !entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name)),
    ].map(async (path) => {
      const { mode } = await lstat(path);
      await chmod(path, mode & 0o111 ? 0o755 : 0o644);
    }),
  );
  if (!(await makeLinks(target))) throw new Error(`the links in ${target} cannot be made`);
}

/**
 * A copy of the programs below `folder`, made once and found again by later starts, named after the content so that
 * an update makes a new one. Undefined when the folder cannot be used for that.
 */
export async function copyBinaries(native: string, folder: string, makeLinks: MakeLinks): Promise<string | undefined> {
  const content = await readFile(join(native, 'bin', 'postgres'));
  const name = `postgresql-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
  const target = join(folder, name);
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    if (!(await isOursAlone(folder))) return undefined;
    if (await isOursAlone(target)) return target;
    const draft = join(folder, `.draft-${randomBytes(6).toString('hex')}`);
    try {
      await fillCopy(native, draft, makeLinks);
      // Of two that copy at the same time the second finds the name taken, which is just as well.
      await rename(draft, target).catch(() => undefined);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return (await isOursAlone(target)) ? target : undefined;
  } catch {
    return undefined;
  }
}

/** A copy in a new folder below `temporaryFolder`; its parent is the folder to remove in the end. */
export async function copyToFreshFolder(
  native: string,
  temporaryFolder: string,
  makeLinks: MakeLinks,
): Promise<string> {
  const folder = await mkdtemp(join(temporaryFolder, 'beseda-postgresql-'));
  const target = join(folder, 'native');
  await fillCopy(native, target, makeLinks);
  await chmod(folder, 0o755);
  return target;
}
