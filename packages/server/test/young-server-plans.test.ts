import { randomUUID } from 'node:crypto';
import { CompiledQuery, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendMessages } from '../src/domain/send-messages.ts';
import { keepingSteps, planOf } from '../testing/query-plans.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const NOW = new Date('2026-11-22T10:15:30.123Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

/** A thousand chats of one, with a message each. */
async function fill(): Promise<void> {
  for (const statement of [
    sql`INSERT INTO users (username, username_key, email, email_key, password_hash, created_at)
      VALUES ('user', 'user', 'user@example.com', 'user@example.com', '', ${NOW})`,
    sql`INSERT INTO chats (kind, name, creator_id, last_message_id, version, info_version, created_at, member_count)
      SELECT 'group', 'Group ' || n, 1, 1, 3, 1, ${NOW}, 1 FROM generate_series(1, 1000) AS n`,
    sql`INSERT INTO members (chat_id, user_id, role, joined_at, joined_message_id, last_read_id, version)
      SELECT id, 1, 'creator', ${NOW}, 0, 0, 2 FROM chats`,
    sql`INSERT INTO messages (chat_id, id, version, sender_id, client_id, text, created_at)
      SELECT id, 1, 3, 1, gen_random_uuid(), 'Message', ${NOW} FROM chats`,
    sql`ANALYZE`,
  ]) {
    await statement.execute(database.db);
  }
}

// Plans are kept while the chats grow: one by another index that begins with the chat would read all of it each time.
test('where most chats have one message, those that are sent are looked up by the indexes that lead to one row', async () => {
  await fill();
  const statements: CompiledQuery[] = [];
  const draft = { chatId: 1, senderId: 1, text: 'text', clientId: randomUUID(), replyTo: 1 };
  await database.pipelined(async (steps) => sendMessages(keepingSteps(steps, statements), [draft], NOW));
  const used = new Set<string>();
  for (const statement of statements) {
    const nodes = await planOf(database.db, CompiledQuery.raw(statement.sql), 'GENERIC_PLAN');
    for (const node of nodes) if (node['Index Name'] !== undefined) used.add(node['Index Name']);
  }
  expect([...used].toSorted()).toEqual(['chats_pkey', 'members_pkey', 'messages_client_id', 'messages_pkey']);
});
