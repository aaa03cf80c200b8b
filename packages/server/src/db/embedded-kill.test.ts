import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { EmbeddedPostgres } from './embedded/contract.ts';
import { findRunning } from './embedded/running.ts';
import {
  isRunning,
  makeScene,
  postmasterOf,
  processTable,
  query,
  until,
  untilEnded,
  watchdogOf,
} from './embedded-scene.testing.ts';

/** The promise: a start after any kind of end works within this time, without help. */
const NEXT_START_MS = 5_000;

const scene = makeScene();
afterEach(() => scene.tidy(), 30_000);
afterAll(() => scene.clear());

async function holdWithNote() {
  const dataDir = await scene.newCluster();
  const holder = scene.hold(dataDir);
  const { connection } = await holder.ready();
  await query(connection, `CREATE TABLE note AS SELECT 'kept' AS text`);
  const postmaster = postmasterOf(dataDir);
  const watchdog = await until('there is a watchdog', () => watchdogOf(postmaster));
  return { dataDir, holder, connection, postmaster, watchdog };
}

/** Starts in this process, and tells what became of the note; 'late' when the start took too long. */
async function noteAfterNextStart(dataDir: string): Promise<unknown> {
  const startedAt = performance.now();
  const embedded = await scene.open(dataDir);
  const took = performance.now() - startedAt;
  const [note] = await query(embedded.connection, 'SELECT text FROM note');
  await embedded.stop();
  return took < NEXT_START_MS ? note?.text : 'late';
}

/** Has the database compute without end; a child that does so does not notice by itself that its postmaster is gone. */
async function compute(connection: EmbeddedPostgres['connection']): Promise<{ cut: Promise<string> }> {
  const cut = query(connection, 'SELECT sum(n) FROM generate_series(1, 10000000000) AS n').then(
    () => 'came to an end',
    (error: unknown) => String(error),
  );
  await until('it computes', async () => {
    const rows = await query(connection, `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT sum(n)%'`);
    return rows.length > 0;
  });
  return { cut };
}

describe('the server ends', { timeout: 30_000 }, () => {
  test('by SIGTERM: PostgreSQL and its watchdog end with it', async () => {
    const { dataDir, holder, postmaster, watchdog } = await holdWithNote();
    holder.kill('SIGTERM');
    await holder.ended;
    expect(holder.lines).toContainEqual({ stopped: true });
    expect([postmaster, watchdog].filter(isRunning)).toEqual([]);
    expect(await noteAfterNextStart(dataDir)).toBe('kept');
  });

  test('by Ctrl-C: PostgreSQL stays until the server has finished', async () => {
    const { dataDir, holder, connection, postmaster } = await holdWithNote();
    holder.killGroup('SIGINT');
    await until('the signal has come', () => holder.lines.some((line) => 'signal' in line));
    expect(await query(connection, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    holder.write('stop');
    await holder.ended;
    expect(isRunning(postmaster)).toBe(false);
    expect(await noteAfterNextStart(dataDir)).toBe('kept');
  });

  test('by SIGKILL: the watchdog shuts PostgreSQL down', async () => {
    const { dataDir, holder, postmaster, watchdog } = await holdWithNote();
    holder.kill('SIGKILL');
    await holder.ended;
    await untilEnded(dataDir);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    await until('the watchdog has ended', () => !isRunning(watchdog) && !isRunning(postmaster));
    expect(await noteAfterNextStart(dataDir)).toBe('kept');
  });

  test('by SIGKILL, and the next start comes at once', async () => {
    const { dataDir, holder } = await holdWithNote();
    holder.kill('SIGKILL');
    expect(await noteAfterNextStart(dataDir)).toBe('kept');
  });

  test('by SIGKILL together with the watchdog: the next start ends the PostgreSQL left behind', async () => {
    const { dataDir, holder, postmaster, watchdog } = await holdWithNote();
    holder.kill('SIGSTOP');
    process.kill(watchdog, 'SIGKILL');
    holder.kill('SIGKILL');
    await holder.ended;
    expect(isRunning(postmaster)).toBe(true);
    expect(await noteAfterNextStart(dataDir)).toBe('kept');
    expect(isRunning(postmaster)).toBe(false);
  });

  test('by SIGKILL together with the watchdog and the postmaster', async () => {
    const { dataDir, holder, connection, postmaster, watchdog } = await holdWithNote();
    const { cut } = await compute(connection);
    holder.kill('SIGSTOP');
    for (const pid of [watchdog, postmaster, holder.pid]) process.kill(pid, 'SIGKILL');
    await holder.ended;
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(true);
    expect(await noteAfterNextStart(dataDir)).toBe('kept');
    expect(await cut).toMatch(/terminat|ECONNRESET/);
  });

  test('by SIGKILL during the first start: the half-made cluster is not taken for one', async () => {
    const dataDir = scene.newPath();
    const holder = scene.hold(dataDir);
    await until('initdb is at work', () => {
      const staging = existsSync(dataDir) && readdirSync(dataDir).find((name) => name.startsWith('postgres.new-'));
      return staging && existsSync(join(dataDir, staging, 'cluster', 'PG_VERSION'));
    });
    holder.kill('SIGKILL');
    await holder.ended;
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    const embedded = await scene.open(dataDir);
    expect(await query(embedded.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
    await until('initdb has ended', () => !processTable().some(({ command }) => command.includes('initdb')));
  });
});

describe('after a reboot', { timeout: 30_000 }, () => {
  test('records with the pid of a stranger do not stop the start, nor the start the stranger', async () => {
    const dataDir = await scene.newCluster();
    const first = await scene.open(dataDir);
    await query(first.connection, `CREATE TABLE note AS SELECT 'kept' AS text`);
    await first.stop();
    const cluster = join(dataDir, 'postgres');
    const { uid, gid } = statSync(cluster);
    // Of the same user and even in the same folder: all that PostgreSQL itself would go by.
    const stranger = spawn('sleep', ['300'], { uid, gid, cwd: cluster });
    try {
      writeFileSync(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n1700000000\n5432\n\n\n`);
      const owner = { pid: stranger.pid, role: 'server', since: '2026-01-01T00:00:00Z' };
      writeFileSync(join(dataDir, 'owner.json'), JSON.stringify(owner));
      expect(await noteAfterNextStart(dataDir)).toBe('kept');
      expect(stranger.exitCode).toBeNull();
      expect(stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });
});

describe('while the server lives', { timeout: 30_000 }, () => {
  test('a killed postmaster is replaced, also when a child still computes', async () => {
    const dataDir = await scene.newCluster();
    const embedded = await scene.open(dataDir);
    await query(embedded.connection, `CREATE TABLE note AS SELECT 'kept' AS text`);
    const { cut } = await compute(embedded.connection);
    const postmaster = postmasterOf(dataDir);
    process.kill(postmaster, 'SIGKILL');
    await until('the database is back', () => embedded.told.includes('The database is back.'));
    expect(await cut).toMatch(/terminat|ECONNRESET/);
    expect(embedded.told).toEqual([
      'The database ended unexpectedly (killed by SIGKILL); starting it again …',
      'The database is back.',
    ]);
    expect(postmasterOf(dataDir)).not.toBe(postmaster);
    expect(await query(embedded.connection, 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    await embedded.stop();
    expect(await findRunning(join(dataDir, 'postgres'))).toEqual([]);
  });

  test('a stop during the restart leaves nothing behind', async () => {
    const dataDir = await scene.newCluster();
    const embedded = await scene.open(dataDir);
    process.kill(postmasterOf(dataDir), 'SIGKILL');
    await until('the end was noticed', () => embedded.told.length > 0);
    await embedded.stop();
    expect(await findRunning(join(dataDir, 'postgres'))).toEqual([]);
    // This start also frees the shared memory that a killed postmaster leaves to its successor.
    const next = await scene.open(dataDir);
    expect(await query(next.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a killed watchdog is replaced', async () => {
    const { dataDir, holder, postmaster, watchdog } = await holdWithNote();
    process.kill(watchdog, 'SIGKILL');
    await until('there is another watchdog', () => {
      const successor = watchdogOf(postmaster);
      return successor !== undefined && successor !== watchdog;
    });
    holder.kill('SIGKILL');
    await holder.ended;
    await untilEnded(dataDir);
    expect(await noteAfterNextStart(dataDir)).toBe('kept');
  });
});
