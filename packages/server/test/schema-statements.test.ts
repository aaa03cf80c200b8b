import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../src/db/open.ts';
import { bigints, withinTransaction } from '../src/db/pipeline.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  // One connection: what it was left as is seen by the next.
  database = await createTestDatabase(1);
  await sql`CREATE TABLE notes (id bigint PRIMARY KEY, note text)`.execute(database.db);
});
afterAll(async () => {
  await database.drop();
});

const ids = async (): Promise<number[]> => {
  const { rows } = await sql<{ id: number }>`SELECT id FROM notes ORDER BY id`.execute(database.db);
  return rows.map(({ id }) => id);
};
const INSERT = 'INSERT INTO notes (id, note) VALUES ($1, $2) RETURNING id';

describe('a pipelined transaction', () => {
  test('does the statements of one turn in their order, each of which sees those before it', async () => {
    const counts = await database.pipelined(async ({ run }) => {
      const count = async () => (await run<{ n: number }>('SELECT count(*) AS n FROM notes WHERE id < $1', [10]))[0]?.n;
      const [, first, , second] = await Promise.all([
        run(INSERT, [1, 'one']),
        count(),
        run(INSERT, [2, 'two']),
        count(),
      ]);
      return [first, second];
    });
    expect(counts).toEqual([1, 2]);
    expect(await ids()).toEqual([1, 2]);
  });

  test('commits what it has begun without waiting for it', async () => {
    await database.pipelined(async ({ begin }) => {
      begin(INSERT, [3, 'three']);
    });
    expect(await ids()).toContain(3);
  });

  test('fails with what failed first, and leaves nothing behind and the connection fit for the next', async () => {
    const before = await ids();
    const failing = database.pipelined(async ({ begin }) => {
      begin(INSERT, [50, 'fifty']);
      begin(INSERT, [1, 'taken']);
      begin(INSERT, [51, 'fifty-one']);
      return 'done';
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual(before);
    expect(await database.pipelined(async ({ run }) => run('SELECT $1::bigint AS one', [1]))).toEqual([{ one: 1 }]);
  });

  test('is undone where its work fails, with what it has not waited for', async () => {
    const before = await ids();
    const failing = database.pipelined(async ({ begin }) => {
      begin(INSERT, [60, 'sixty']);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await ids()).toEqual(before);
  });

  test('fails when its connection is lost, and the next one gets another', async () => {
    const failing = database.pipelined(async ({ run, begin }) => {
      const [own] = await run<{ pid: number }>('SELECT pg_backend_pid() AS pid', []);
      begin('SELECT pg_terminate_backend($1)', [own?.pid]);
      begin(INSERT, [70, 'seventy']);
    });
    await expect(failing).rejects.toThrow(/terminat|ECONNRESET/);
    expect(await ids()).not.toContain(70);
  });

  test('within a transaction of Kysely’s, fails and succeeds with it', async () => {
    const { db } = database;
    const inserting = (first: number, second: number) =>
      db.transaction().execute(async (tx) =>
        withinTransaction(tx, async ({ begin }) => {
          begin(INSERT, [first, '']);
          begin(INSERT, [second, '']);
        }),
      );
    await inserting(80, 81);
    await expect(inserting(82, 81)).rejects.toMatchObject({ code: '23505' });
    expect(await ids()).toEqual(expect.arrayContaining([80, 81]));
    expect(await ids()).not.toContain(82);
  });
});

const count = async (db: Db): Promise<number> =>
  (await sql<{ n: number }>`SELECT count(*) AS n FROM notes WHERE id > ${0}`.execute(db)).rows[0]?.n ?? 0;

describe('a snapshot', () => {
  test('is of one moment, however long it is read and whatever commits meanwhile', async () => {
    const other = new pg.Client(database.connection);
    await other.connect();
    const before = await count(database.db);
    const seen = await database.snapshot(async (db) => {
      const first = await count(db);
      await other.query(`INSERT INTO notes (id, note) VALUES (200, 'meanwhile')`);
      return [first, ...(await Promise.all([count(db), count(db)]))];
    });
    expect(seen).toEqual([before, before, before]);
    expect(await count(database.db)).toBe(before + 1);
    await other.end();
  });

  test('lets nothing be written', async () => {
    const writing = database.snapshot(async (db) => sql`DELETE FROM notes WHERE id > ${0}`.execute(db));
    await expect(writing).rejects.toMatchObject({ code: '25006' });
  });

  test('fails with the read that failed, and leaves the connection fit for the next', async () => {
    const failing = database.snapshot(async (db) => Promise.all([sql`SELECT 1 / ${0}::int`.execute(db), count(db)]));
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await database.snapshot(count)).toBeGreaterThan(0);
  });
});

const growing = async () => sql<Record<string, unknown>>`SELECT * FROM growing WHERE id = ${1}`.execute(database.db);

describe('a statement that was prepared', () => {
  test('goes on when a newer server has added a column to its table', async () => {
    await sql`CREATE TABLE growing (id bigint)`.execute(database.db);
    await sql`INSERT INTO growing VALUES (${1})`.execute(database.db);
    expect((await growing()).rows).toEqual([{ id: 1 }]);
    await sql`ALTER TABLE growing ADD COLUMN name text`.execute(database.db);
    expect((await growing()).rows).toEqual([{ id: 1, name: null }]);
    expect((await growing()).rows).toEqual([{ id: 1, name: null }]);
  });

  test('within a transaction fails once, and not when that is run again', async () => {
    const all = async () =>
      database.pipelined(async ({ run }) => run('SELECT * FROM growing WHERE id = ANY ($1::bigint[])', [bigints([1])]));
    expect(await all()).toHaveLength(1);
    await sql`ALTER TABLE growing ADD COLUMN age bigint`.execute(database.db);
    await expect(all()).rejects.toMatchObject({ routine: 'RevalidateCachedQuery' });
    expect(await all()).toEqual([{ id: 1, name: null, age: null }]);
  });
});

test('an array of numbers is what PostgreSQL reads it as', async () => {
  const [row] = await database.pipelined(async ({ run }) =>
    run<{ numbers: number[] }>('SELECT to_json($1::bigint[]) AS numbers', [bigints([1, null, 2 ** 52])]),
  );
  expect(row?.numbers).toEqual([1, null, 2 ** 52]);
});
