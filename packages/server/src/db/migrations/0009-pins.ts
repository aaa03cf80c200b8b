import { sql, type Kysely } from 'kysely';

/** When a message was pinned. The index holds the pinned ones alone, so it costs those that are not nothing. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE messages ADD COLUMN pinned_at timestamptz(3)`,
    sql`CREATE INDEX messages_pinned ON messages (chat_id, pinned_at, id) WHERE pinned_at IS NOT NULL`,
  ];
  for (const statement of statements) await statement.execute(db);
}
