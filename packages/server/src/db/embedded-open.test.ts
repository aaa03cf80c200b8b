import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { makeScene, query } from './embedded-scene.testing.ts';
import { StartupError } from '../startup-error.ts';
import { openDatabase } from './open.ts';

const scene = makeScene();
afterEach(() => scene.tidy(), 30_000);
afterAll(() => scene.clear());

async function failure(opening: Promise<unknown>): Promise<string> {
  const error: unknown = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  return error instanceof Error ? error.message : '';
}

describe('the first start', { timeout: 30_000 }, () => {
  test('makes a cluster that keeps what it commits, in UTF-8, reachable by its socket alone', async () => {
    const dataDir = scene.newPath();
    const embedded = await scene.open(dataDir);
    expect(embedded.owned).toBe(true);
    expect(embedded.told).toEqual(['Preparing the database (first start) …']);
    const settings = await query(
      embedded.connection,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes',
       'listen_addresses', 'server_encoding', 'data_checksums', 'jit', 'autovacuum')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '',
      server_encoding: 'UTF8',
      data_checksums: 'on',
      jit: 'off',
      autovacuum: 'on',
    });
    expect(
      await query(
        embedded.connection,
        `SELECT datname, datlocprovider, datlocale, datcollate, rolsuper, rolpassword LIKE 'SCRAM-SHA-256%' AS scram
         FROM pg_database, pg_authid WHERE datname = current_database() AND rolname = current_user`,
      ),
    ).toEqual([
      { datname: 'beseda', datlocprovider: 'b', datlocale: 'C.UTF-8', datcollate: 'C', rolsuper: true, scram: true },
    ]);
    await expect(query({ ...embedded.connection, password: 'guessed' }, 'SELECT 1')).rejects.toThrow(/password/);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    await embedded.stop();
    expect(readdirSync(dataDir).toSorted()).toEqual(['owner.lock', 'postgres', 'postgres.log', 'postgres.password']);
  });

  test('two at once: one makes the cluster, the other is told who', async () => {
    const dataDir = scene.newPath();
    const holders = [scene.hold(dataDir), scene.hold(dataDir)];
    const results = await Promise.allSettled(holders.map((holder) => holder.ready()));
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const winner = holders[results[0]?.status === 'fulfilled' ? 0 : 1];
    const refused = results.find((result) => result.status === 'rejected');
    expect(String(refused?.reason)).toContain(`is in use by a Beseda server (pid ${winner?.pid}, since`);
  });

  test('two at once in mode share: both get the same database', async () => {
    const dataDir = scene.newPath();
    const holders = [scene.hold(dataDir, { mode: 'share' }), scene.hold(dataDir, { mode: 'share' })];
    const results = await Promise.all(holders.map((holder) => holder.ready()));
    expect(new Set(results.map(({ owned }) => owned))).toEqual(new Set([false, true]));
    expect(results[0]?.connection).toEqual(results[1]?.connection);
  });

  test('after one that broke off: its leftovers are removed, its password used again', async () => {
    const dataDir = scene.newPath();
    const half = join(dataDir, 'postgres.new-0123456789ab', 'cluster');
    mkdirSync(half, { recursive: true });
    writeFileSync(join(half, 'PG_VERSION'), '18\n');
    writeFileSync(join(dataDir, 'postgres.password'), 'written before it broke off\n');
    const embedded = await scene.open(dataDir);
    expect(embedded.connection.password).toBe('written before it broke off');
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
  });
});

describe('a later start', { timeout: 30_000 }, () => {
  test('finds what was written before a stop', async () => {
    const dataDir = await scene.newCluster();
    const first = await scene.open(dataDir);
    await query(first.connection, `CREATE TABLE note AS SELECT 'čaj'::text AS text`);
    await Promise.all([first.stop(), first.stop()]);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    const second = await scene.open(dataDir);
    expect(second.told).toEqual([]);
    expect(await query(second.connection, 'SELECT text FROM note')).toEqual([{ text: 'čaj' }]);
  });

  test('does not let settings in the folder switch off fsync', async () => {
    const dataDir = await scene.newCluster();
    appendFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), "fsync = 'off'\n");
    appendFileSync(join(dataDir, 'postgres', 'postgresql.conf'), "fsync = 'off'\nlisten_addresses = '*'\n");
    const embedded = await scene.open(dataDir);
    expect(await query(embedded.connection, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(embedded.connection, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
  });

  test('does not let settings of the database or the role switch off synchronous_commit', async () => {
    const dataDir = await scene.newCluster();
    const first = await scene.open(dataDir);
    for (const whose of ['DATABASE beseda', 'ROLE beseda', 'ROLE beseda IN DATABASE beseda', 'ROLE ALL']) {
      await query(first.connection, `ALTER ${whose} SET synchronous_commit = off`);
    }
    const sharing = await scene.open(dataDir, { mode: 'share' });
    for (const { connection } of [first, sharing]) {
      expect(await query(connection, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    }
    const { options: _, ...bare } = first.connection;
    expect(await query(bare, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
    const connection = { ...first.connection, ssl: false };
    const { db } = await openDatabase({ connection, poolSize: 1, onLostConnection: () => undefined });
    const { rows } = await sql`SHOW synchronous_commit`.execute(db);
    await db.destroy();
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('makes the database when an earlier start ended before it could', async () => {
    const dataDir = await scene.newCluster();
    const first = await scene.open(dataDir);
    await query({ ...first.connection, database: 'postgres' }, 'DROP DATABASE beseda WITH (FORCE)');
    await first.stop();
    const second = await scene.open(dataDir);
    expect(await query(second.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('works in a folder whose path is too long for a socket, and leaves nothing outside of it', async () => {
    const dataDir = join(scene.newPath(), 'long'.repeat(30));
    const embedded = await scene.open(dataDir);
    const { host } = embedded.connection;
    expect(host).toMatch(/beseda-socket-/);
    expect(statSync(host).mode & 0o777).toBe(0o700);
    const sharing = await scene.open(dataDir, { mode: 'share' });
    expect(sharing.owned).toBe(false);
    expect(await query(sharing.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await embedded.stop();
    expect(existsSync(host)).toBe(false);
  });

  test('sets aside a log that has grown large', async () => {
    const dataDir = await scene.newCluster();
    writeFileSync(join(dataDir, 'postgres.log'), 'x'.repeat(11 * 1024 * 1024));
    await scene.open(dataDir);
    expect(statSync(join(dataDir, 'postgres.log')).size).toBeLessThan(10_000);
    expect(statSync(join(dataDir, 'postgres.log.1')).size).toBe(11 * 1024 * 1024);
  });
});

describe('a folder in use', { timeout: 30_000 }, () => {
  test('a second owner is told who holds it, a sharer connects', async () => {
    const dataDir = await scene.newCluster();
    const holder = scene.hold(dataDir);
    await holder.ready();
    holder.write('http://localhost:8000');
    await expect.poll(() => readFileSync(join(dataDir, 'owner.json'), 'utf8')).toContain('http://localhost:8000');
    const message = await failure(scene.open(dataDir));
    expect(message).toContain(
      `DATA_DIR ${dataDir} is in use by a Beseda server (pid ${holder.pid}, http://localhost:8000, since `,
    );
    expect(message).toContain('Stop it, or choose another DATA_DIR.');

    const sharing = await scene.open(dataDir, { mode: 'share', role: 'create-test-data' });
    expect(sharing.owned).toBe(false);
    expect(await query(sharing.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await sharing.stop();
    expect(await query(sharing.connection, 'SELECT 2 AS two')).toEqual([{ two: 2 }]);
    holder.kill('SIGTERM');
    await holder.ended;
    await expect(query(sharing.connection, 'SELECT 1')).rejects.toThrow(/ENOENT/);
  });

  test('names the command that holds it', async () => {
    const dataDir = await scene.newCluster();
    const embedded = await scene.open(dataDir, { mode: 'share', role: 'create-test-data' });
    expect(embedded.owned).toBe(true);
    expect(await failure(scene.open(dataDir))).toContain('is in use by the Beseda command “create-test-data” (pid');
  });

  test('is free again for one who starts while it is being stopped', async () => {
    const dataDir = await scene.newCluster();
    const first = await scene.open(dataDir);
    const [, second] = await Promise.all([first.stop(), scene.open(dataDir)]);
    expect(await query(second.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('what a person can mend is said', { timeout: 30_000 }, () => {
  test('a cluster of another major version', async () => {
    const dataDir = await scene.newCluster();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    const message = await failure(scene.open(dataDir));
    expect(message).toContain('holds a database of PostgreSQL 17; this Beseda brings PostgreSQL 18');
    expect(message).toContain('pg_dump');
    // The lock is free again.
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
    await scene.open(dataDir);
  });

  test('a folder that is no cluster stays as it is', async () => {
    const dataDir = scene.newPath();
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'thesis.txt'), 'years of work');
    expect(await failure(scene.open(dataDir))).toContain('is no PostgreSQL database folder');
    expect(readFileSync(join(dataDir, 'postgres', 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  test('DATA_DIR is a file', async () => {
    const dataDir = scene.newPath();
    writeFileSync(dataDir, '');
    expect(await failure(scene.open(dataDir))).toContain(`DATA_DIR ${dataDir} cannot be made: it is a file`);
    expect(await failure(scene.open(join(dataDir, 'below')))).toContain('is a file');
  });

  test('the password is missing', async () => {
    const dataDir = await scene.newCluster();
    rmSync(join(dataDir, 'postgres.password'));
    expect(await failure(scene.open(dataDir))).toContain('postgres.password is missing');
  });

  test('the password is of another cluster', async () => {
    const dataDir = await scene.newCluster();
    writeFileSync(join(dataDir, 'postgres.password'), 'other\n');
    expect(await failure(scene.open(dataDir))).toContain('refuses the password');
  });

  test('PostgreSQL does not start: the end of its log is shown', async () => {
    const dataDir = await scene.newCluster();
    appendFileSync(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
    expect(await failure(scene.open(dataDir))).toMatch(/did not start \(exit code 1\).*no_such_setting/s);
  });
});
