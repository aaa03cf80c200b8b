import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { isRoot } from './embedded/account.ts';
import { findNativeFolder, prepareBinaries } from './embedded/binaries.ts';
import { makeScene, NOBODY } from './embedded-scene.testing.ts';

const scene = makeScene();
afterEach(() => scene.tidy(), 30_000);
afterAll(() => scene.clear());

function linkNames(native: string): string[] {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  return links.map(({ target }) => basename(target));
}

/** A native folder as npm unpacks it: without links. */
function unpack(): string {
  const native = join(scene.newProgramPath(), 'native');
  mkdirSync(join(native, '..'));
  execFileSync('cp', ['-a', findNativeFolder(), native]);
  for (const name of linkNames(native)) {
    const link = join(native, 'lib', name);
    if (existsSync(link)) unlinkSync(link);
  }
  return native;
}

function expectLinks(native: string): void {
  const names = linkNames(native);
  expect(names).not.toEqual([]);
  for (const name of names) expect(lstatSync(join(native, 'lib', name)).isSymbolicLink()).toBe(true);
}

function places() {
  const folder = scene.newProgramPath();
  mkdirSync(folder, { mode: 0o755 });
  return { copyFolder: join(folder, 'cache'), temporaryFolder: folder };
}

describe('the programs of PostgreSQL', { timeout: 30_000 }, () => {
  test('missing links are made in place', async () => {
    const native = unpack();
    const binaries = await prepareBinaries({ native, account: undefined, ...places() });
    expect(binaries.postgres).toBe(join(native, 'bin', 'postgres'));
    expect(binaries.major).toBe('18');
    expectLinks(native);
  });

  test('a platform without them is told about DATABASE_URL', () => {
    expect(() => findNativeFolder('win32', 'x64')).toThrow(/Set DATABASE_URL to a PostgreSQL 15 or newer.*WSL/);
    expect(() => findNativeFolder('freebsd', 'x64')).toThrow(/DATABASE_URL/);
  });

  test('programs that do not run here are told about DATABASE_URL', async () => {
    const native = unpack();
    writeFileSync(join(native, 'bin', 'postgres'), '#!/no/such/loader\n', { mode: 0o755 });
    await expect(prepareBinaries({ native, account: undefined, ...places() })).rejects.toThrow(/DATABASE_URL/);
  });
});

describe.skipIf(!isRoot())('as root (skipped for others: they cannot act as another user)', { timeout: 30_000 }, () => {
  test('what the account cannot reach is copied once, with its links', async () => {
    const native = unpack();
    chmodSync(join(native, '..'), 0o700);
    const where = { native, account: NOBODY, ...places() };
    const first = await prepareBinaries(where);
    expect(first.postgres.startsWith(where.copyFolder)).toBe(true);
    expect(first.temporaryFolder).toBeUndefined();
    expectLinks(join(first.postgres, '..', '..'));
    const inode = lstatSync(first.postgres).ino;
    const second = await prepareBinaries(where);
    expect(second.postgres).toBe(first.postgres);
    expect(lstatSync(second.postgres).ino).toBe(inode);
    expect(readdirSync(where.copyFolder)).toHaveLength(1);
  });

  test('a folder that others may write to is not trusted with a copy', async () => {
    const native = unpack();
    chmodSync(join(native, '..'), 0o700);
    const where = { native, account: NOBODY, ...places() };
    mkdirSync(where.copyFolder);
    chmodSync(where.copyFolder, 0o777);
    const binaries = await prepareBinaries(where);
    expect(readdirSync(where.copyFolder)).toEqual([]);
    expect(binaries.temporaryFolder).toMatch(/beseda-postgresql-/);
    expect(binaries.postgres.startsWith(binaries.temporaryFolder ?? '')).toBe(true);
  });
});
