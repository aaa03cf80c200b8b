import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../../cluster/find-program.ts';

/** What tests that need a NATS server have to know. */
export type NatsAvailability = { program: string } | { program: undefined; reason: string };

export interface FindNatsOptions {
  /** Folders to look in, as in the environment variable PATH. */
  path: string;
  /** More of them. */
  further?: readonly string[];
  /** Where a program that was fetched is kept. */
  cache: string;
  /** Without NATS, whether that is a failure or leaves out what needs it. */
  required: boolean;
  isRoot: boolean;
  tell: (line: string) => void;
}

const FETCH_PATIENCE_MS = 120_000;

/**
 * Finds `nats-server`, or fetches Debian's package of it and takes the program out. Nothing is installed, so no
 * service begins to run.
 *
 * @throws Error where it is required and cannot be had.
 */
export async function findNats(options: FindNatsOptions): Promise<NatsAvailability> {
  const { path, further, cache, required, isRoot, tell } = options;
  const kept = join(cache, 'nats-server');
  const found = findProgram('nats-server', path, further) ?? findProgram('nats-server', cache, []);
  if (found !== undefined) return { program: found };
  const aptGet = findProgram('apt-get', path, further);
  let reason = 'nats-server is not on the PATH, and only Debian’s apt-get could fetch it';
  if (aptGet !== undefined) {
    tell('nats-server is not on the PATH: it is fetched by apt-get for the tests …');
    try {
      await fetchPackage(aptGet, kept, isRoot);
      return { program: kept };
    } catch (error) {
      reason = `nats-server is not on the PATH, and apt-get could not fetch it: ${firstLine(error)}`;
    }
  }
  if (required)
    throw new Error(`${reason}. Install it (Debian: apt-get install nats-server): with CI set, nothing is left out.`);
  tell(`Left out: every test of several servers, as ${reason}. Install it: apt-get install nats-server`);
  return { program: undefined, reason };
}

async function fetchPackage(aptGet: string, to: string, isRoot: boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const folder = await mkdtemp(`${to}-`);
  const run = async (program: string, args: string[]): Promise<unknown> =>
    promisify(execFile)(program, args, { cwd: folder, timeout: FETCH_PATIENCE_MS });
  const download = async (): Promise<unknown> => run(aptGet, ['download', '-q', 'nats-server']);
  try {
    try {
      await download();
    } catch (error) {
      // The lists of packages may be missing, as in images of containers; only root may get them.
      if (!isRoot) throw error;
      await run(aptGet, ['update', '-q']);
      await download();
    }
    const archive = (await readdir(folder)).find((name) => name.endsWith('.deb')) ?? 'nats-server.deb';
    await run('dpkg-deb', ['-x', archive, 'package']);
    await rename(join(folder, 'package/usr/sbin/nats-server'), to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return text.split('\n').find((line) => line.startsWith('E:')) ?? text.split('\n', 1)[0] ?? '';
}
