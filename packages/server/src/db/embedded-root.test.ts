import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { isRoot } from './embedded/account.ts';
import { findNativeFolder } from './embedded/binaries.ts';
import { give, makeScene, NOBODY, postmasterOf, query, until, untilEnded } from './embedded-scene.testing.ts';

const scene = makeScene();
afterEach(() => scene.tidy(), 30_000);
afterAll(() => scene.clear());

function nobodyCanRunTheHolder(): boolean {
  const holder = fileURLToPath(new URL('embedded-holder.testing.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(holder)})`], {
    cwd: '/',
    ...NOBODY,
  });
  return status === 0;
}

describe.skipIf(!isRoot())('as root (skipped for others: they cannot act as another user)', { timeout: 30_000 }, () => {
  test('below a private home: PostgreSQL runs as nobody, and nothing of the home is opened to it', async () => {
    const home = scene.newProgramPath();
    mkdirSync(home, { mode: 0o700 });
    const dataDir = join(home, 'beseda', 'data');
    const native = join(home, 'node_modules', 'native');
    mkdirSync(join(home, 'node_modules'));
    execFileSync('cp', ['-a', findNativeFolder(), native]);

    const first = await scene.open(dataDir, {}, { native });
    expect(statSync(`/proc/${postmasterOf(dataDir)}`).uid).toBe(NOBODY.uid);
    await query(first.connection, `CREATE TABLE note AS SELECT 'kept' AS text`);
    process.kill(postmasterOf(dataDir), 'SIGKILL');
    await until('the database is back', () => first.told.includes('The database is back.'));
    await first.stop();

    const second = await scene.open(dataDir, {}, { native });
    expect(await query(second.connection, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(readdirSync(scene.surroundings().systemCopyFolder)).toHaveLength(1);
  });

  test('in the folder of another user: it runs as that user, who can start it themselves afterwards', async ({
    skip,
  }) => {
    if (!nobodyCanRunTheHolder()) skip('this checkout is not reachable for another user');
    const dataDir = scene.newPath();
    mkdirSync(dataDir, { mode: 0o700 });
    give(dataDir, NOBODY);
    const asRoot = await scene.open(dataDir);
    await query(asRoot.connection, `CREATE TABLE note AS SELECT 'kept' AS text`);
    await asRoot.stop();
    for (const name of readdirSync(dataDir))
      expect([name, statSync(join(dataDir, name)).uid]).toEqual([name, NOBODY.uid]);

    const holder = scene.hold(dataDir, {}, NOBODY);
    const { connection } = await holder.ready();
    expect(await query(connection, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    holder.kill('SIGKILL');
    await holder.ended;
    await untilEnded(dataDir);
  });

  test('a cluster restored by root is given back to the account of PostgreSQL', async () => {
    const dataDir = await scene.newCluster();
    execFileSync('chown', ['-R', '0:0', dataDir]);
    chmodSync(join(dataDir, 'postgres'), 0o755);
    const embedded = await scene.open(dataDir);
    expect(await query(embedded.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('an ordinary user: first start, stop, and a folder of somebody else', async ({ skip }) => {
    if (!nobodyCanRunTheHolder()) skip('this checkout is not reachable for another user');
    const parent = scene.newPath();
    mkdirSync(parent, { mode: 0o700 });
    give(parent, NOBODY);
    const dataDir = join(parent, 'data');
    const holder = scene.hold(dataDir, {}, NOBODY);
    const { connection, owned } = await holder.ready();
    expect(owned).toBe(true);
    expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(NOBODY.uid);
    holder.kill('SIGTERM');
    await holder.ended;
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);

    const foreign = scene.newPath();
    mkdirSync(foreign, { mode: 0o755 });
    await expect(scene.hold(foreign, {}, NOBODY).ready()).rejects.toThrow(/DATA_DIR: .* cannot be written and locked/);
    await expect(scene.hold(join(foreign, 'data'), {}, NOBODY).ready()).rejects.toThrow(
      /cannot be made: permission denied/,
    );
  });
});
