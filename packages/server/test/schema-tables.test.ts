import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '../src/db/tables.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

/** Tables of the migrator. */
const NOT_OURS = ['kysely_migration', 'kysely_migration_lock'];

async function columns() {
  const { rows } = await sql<{
    table_name: string;
    column_name: string;
    udt_name: string;
    is_nullable: string;
    is_identity: string;
    column_default: string | null;
    is_generated: string;
  }>`
    SELECT table_name, column_name, udt_name, is_nullable, is_identity, column_default, is_generated
    FROM information_schema.columns
    WHERE table_schema = 'public' AND NOT table_name = ANY (${NOT_OURS}::text[])`.execute(database.db);
  return rows;
}

/** The columns of each index that is unique, in their order. */
async function uniqueIndexes() {
  const { rows } = await sql<{ table_name: string; index_name: string; is_primary: boolean; columns: string[] }>`
    SELECT t.relname AS table_name, c.relname AS index_name, i.indisprimary AS is_primary,
      array_agg(a.attname::text ORDER BY k.position) AS columns
    FROM pg_index i
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
    CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
    WHERE i.indisunique
    GROUP BY 1, 2, 3`.execute(database.db);
  return rows;
}

describe('the tables as the migrations make them', () => {
  test('tables.ts names every table and column with its type, nullability and whether it is generated', async () => {
    const found: Record<string, Record<string, object>> = {};
    for (const row of await columns()) {
      found[row.table_name] = {
        ...found[row.table_name],
        [row.column_name]: {
          type: row.udt_name,
          nullable: row.is_nullable === 'YES',
          generated: row.is_identity === 'YES' || row.is_generated === 'ALWAYS' || row.column_default !== null,
        },
      };
    }
    expect(found).toEqual(tables);
  });

  test('every table under a chat has chat_id first in its primary key, and every unique index on it holds chat_id', async () => {
    // personal_chats finds a chat by its pair of users: it leads to a chat, and is not under one.
    const underChat = Object.entries(tables)
      .filter(([name, of]) => 'chat_id' in of && name !== 'personal_chats')
      .map(([name]) => name);
    expect(underChat).toEqual(expect.arrayContaining(['members', 'messages']));
    const indexes = await uniqueIndexes();
    for (const name of underChat) {
      const own = indexes.filter((index) => index.table_name === name);
      expect(own.find((index) => index.is_primary)?.columns[0]).toBe('chat_id');
      for (const index of own) expect(index.columns).toContain('chat_id');
    }
  });

  test('every table has a primary key', async () => {
    const keyed = (await uniqueIndexes()).filter((index) => index.is_primary).map((index) => index.table_name);
    expect(keyed).toEqual(expect.arrayContaining(Object.keys(tables)));
  });
});
