import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { migrate } from '../src/db/migrate.ts';
import { migrations } from '../src/db/migrations/index.ts';
import { openDatabase, type Db } from '../src/db/open.ts';
import { StartupError } from '../src/startup-error.ts';

const { connection, admin } = inject('cluster');

let database: string;
let connections: Db[];

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ ...connection, database: admin });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** As one more process would: with connections of its own. */
async function open(): Promise<Db> {
  const { db } = await openDatabase({
    connection: { ...connection, database },
    poolSize: 2,
    onLostConnection: () => {},
  });
  connections.push(db);
  return db;
}

beforeEach(async () => {
  database = `beseda_test_${randomBytes(6).toString('hex')}`;
  connections = [];
  await asAdmin(`CREATE DATABASE ${database}`);
});
afterEach(async () => {
  for (const db of connections) await db.destroy();
  await asAdmin(`DROP DATABASE ${database} WITH (FORCE)`);
});

async function applied(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  return rows.map(({ name }) => name);
}

describe('migrating', () => {
  test('an empty database gets every migration, in order; a second time does nothing', async () => {
    const db = await open();
    expect(await migrate(db)).toEqual(Object.keys(migrations));
    const schema = async () =>
      (await sql`SELECT table_name, column_name FROM information_schema.columns ORDER BY 1, 2`.execute(db)).rows;
    const before = await schema();
    expect(await migrate(db)).toEqual([]);
    expect(await schema()).toEqual(before);
    expect(await applied(db)).toEqual(Object.keys(migrations));
  });

  test('who may not install what searching needs is told what to run', async () => {
    const role = `${database}_owner`;
    await asAdmin(`CREATE ROLE ${role} LOGIN PASSWORD 'password123'`);
    const whole = await open();
    await sql`GRANT ALL ON SCHEMA public TO ${sql.id(role)}`.execute(whole);
    const { db } = await openDatabase({
      connection: { ...connection, database, user: role, password: 'password123' },
      poolSize: 2,
      onLostConnection: () => {},
    });
    try {
      await expect(migrate(db)).rejects.toThrow(/refuses the extension unaccent[^]*\nCREATE EXTENSION unaccent;$/);
      await sql`CREATE EXTENSION unaccent`.execute(whole);
      expect(await migrate(db)).toEqual(Object.keys(migrations));
    } finally {
      await db.destroy();
      await sql`DROP OWNED BY ${sql.id(role)} CASCADE`.execute(whole);
      await asAdmin(`DROP ROLE ${role}`);
    }
  });

  test('chats of before the count of members get it, of those who are in', async () => {
    const db = await open();
    const names = Object.keys(migrations);
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    await migrator.migrateTo(names[names.indexOf('0004-marks') - 1] ?? '');
    for (const statement of [
      sql`INSERT INTO users (username, username_key, email, email_key, password_hash, created_at)
        SELECT n, n, n, n, '', now() FROM generate_series(1, 3) AS n`,
      sql`INSERT INTO chats (kind, name, creator_id, last_message_id, version, info_version, created_at)
        SELECT 'group', 'A group', 1, 0, 4, 1, now() FROM generate_series(1, 2)`,
      sql`INSERT INTO members (chat_id, user_id, role, joined_at, left_at, joined_message_id, last_read_id, version)
        SELECT 1, n, 'member', now(), CASE n WHEN 3 THEN now() END, 0, 0, n + 1 FROM generate_series(1, 3) AS n`,
    ]) {
      await statement.execute(db);
    }
    await migrate(db);
    const chats = await db.selectFrom('chats').select(['id', 'member_count']).orderBy('id').execute();
    expect(chats).toEqual([
      { id: 1, member_count: 2 },
      { id: 2, member_count: 0 },
    ]);
  });

  test('of several processes that migrate at once each migration is applied by one, and all go on', async () => {
    const processes = await Promise.all(Array.from({ length: 8 }, open));
    const results = await Promise.all(processes.map(migrate));
    expect(results.flat().toSorted()).toEqual(Object.keys(migrations));
    for (const db of processes) expect(await db.selectFrom('messages').selectAll().execute()).toEqual([]);
  });

  test('a database of a newer version is refused, in words that say what to do, and left as it is', async () => {
    const db = await open();
    await migrate(db);
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-from-the-future', '2030')`.execute(db);
    const refusal = migrate(db);
    await expect(refusal).rejects.toThrow(StartupError);
    await expect(refusal).rejects.toThrow(
      'The database was made by a newer Beseda (it knows 9999-from-the-future, this version does not).\n' +
        'Start that version or a newer one, or restore a backup from before the upgrade. Nothing was changed.',
    );
    expect(await applied(db)).toEqual([...Object.keys(migrations), '9999-from-the-future']);
  });

  test('a migration that fails changes nothing, and the refusal names it', async () => {
    const db = await open();
    // In the way of the first migration.
    await sql`CREATE TABLE messages (text text)`.execute(db);
    await expect(migrate(db)).rejects.toThrow(/^Migration 0001-foundation failed and nothing was changed: .*messages/);
    const { rows } = await sql`SELECT to_regclass('users') AS users`.execute(db);
    expect(rows).toEqual([{ users: null }]);
  });
});
