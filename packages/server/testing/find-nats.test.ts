import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { findProgram } from '../../../cluster/find-program.ts';
import { findNats, type FindNatsOptions } from './find-nats.ts';

let folder: string;
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beseda-find-nats-'));
  await mkdir(join(folder, 'bin'));
  told = [];
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function options(changes: Partial<FindNatsOptions> = {}): FindNatsOptions {
  return {
    path: join(folder, 'bin'),
    further: [],
    cache: join(folder, 'cache'),
    required: false,
    isRoot: false,
    tell: (line) => told.push(line),
    ...changes,
  };
}

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'bin', name), 0o755);
}

test('the one on the PATH is taken, silently', async () => {
  await program('nats-server', 'exit 0');
  expect(await findNats(options())).toEqual({ program: join(folder, 'bin/nats-server') });
  expect(told).toEqual([]);
});

test('without it and without apt-get, it is told what is left out and why', async () => {
  expect(await findNats(options())).toMatchObject({
    program: undefined,
    reason: expect.stringContaining('not on the PATH'),
  });
  expect(told.join()).toMatch(/^Left out: every test of several servers, .* Install it/);
});

test('where it is required, that is a failure', async () => {
  await expect(findNats(options({ required: true }))).rejects.toThrow(/apt-get install nats-server/);
});

test('what apt-get has to say is passed on', async () => {
  await program('apt-get', 'echo "W: slow" >&2; echo "E: Unable to locate package nats-server" >&2; exit 100');
  const found = await findNats(options());
  expect(found).toMatchObject({ reason: expect.stringMatching(/E: Unable to locate package nats-server$/) });
});

test('root gets the lists of packages where they are missing', async () => {
  await program('apt-get', `echo "$1" >> ${folder}/asked; exit 100`);
  await findNats(options({ isRoot: true }));
  expect(execFileSync('cat', [join(folder, 'asked')]).toString()).toBe('download\nupdate\n');
});

test('apt-get fetches the package, the program is taken out of it, and kept for the next time', async () => {
  const nats = inject('nats').program;
  if (nats === undefined || findProgram('dpkg-deb', '/usr/bin') === undefined) {
    process.stdout.write('Left out: taking nats-server out of a package, as there is no Debian with one here.\n');
    return;
  }
  const root = join(folder, 'package');
  await mkdir(join(root, 'DEBIAN'), { recursive: true });
  await mkdir(join(root, 'usr/sbin'), { recursive: true });
  await writeFile(join(root, 'DEBIAN/control'), 'Package: nats-server\nVersion: 1\nArchitecture: all\nMaintainer: x\n');
  await symlink(nats, join(root, 'usr/sbin/nats-server'));
  execFileSync('dpkg-deb', ['-b', root, join(folder, 'nats-server_1_all.deb')], { stdio: 'ignore' });
  await program('apt-get', `/bin/cp ${folder}/nats-server_1_all.deb .`);
  expect(await findNats(options())).toEqual({ program: join(folder, 'cache/nats-server') });
  expect(told).toEqual([expect.stringContaining('fetched by apt-get')]);
  told = [];
  expect(await findNats(options())).toEqual({ program: join(folder, 'cache/nats-server') });
  expect(told).toEqual([]);
});
