import { sql, type Kysely } from 'kysely';

/**
 * Marks: when was read, what reached a device, what is marked as unread; and how many members a chat has. As in 0001:
 * one statement a call, foreign keys in statements of their own, `chat_id` first in every key.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE chats ADD COLUMN member_count bigint NOT NULL DEFAULT 0`,
    sql`
      UPDATE chats c SET member_count = counted.members
      FROM (SELECT chat_id, count(*) AS members FROM members WHERE left_at IS NULL GROUP BY chat_id) counted
      WHERE counted.chat_id = c.id`,

    sql`ALTER TABLE members ADD COLUMN read_at timestamptz(3)`,
    sql`ALTER TABLE members ADD COLUMN delivered_id bigint NOT NULL DEFAULT 0`,
    sql`ALTER TABLE members ADD COLUMN unread_from_id bigint`,
    sql`ALTER TABLE members ADD COLUMN marked_at timestamptz(3)`,
    // What a node may not have heard of.
    sql`CREATE INDEX members_marked ON members (chat_id, marked_at) WHERE marked_at IS NOT NULL`,
    // Who has read furthest, and who has read a message, without reading the marks of all members.
    sql`CREATE INDEX members_reading ON members (chat_id, last_read_id) WHERE last_read_id > joined_message_id`,

    // One row for each minute in which a member read, whatever the number of messages: those past
    // `after_message_id`, up to `message_id`.
    sql`
      CREATE TABLE reading_steps (
        chat_id bigint NOT NULL,
        user_id bigint NOT NULL,
        read_at timestamptz(3) NOT NULL,
        after_message_id bigint NOT NULL,
        message_id bigint NOT NULL,
        PRIMARY KEY (chat_id, user_id, read_at)
      )`,
    sql`ALTER TABLE reading_steps ADD CONSTRAINT reading_steps_member FOREIGN KEY (chat_id, user_id) REFERENCES members (chat_id, user_id) ON DELETE CASCADE`,
    sql`CREATE INDEX reading_steps_message ON reading_steps (chat_id, user_id, message_id)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
