import { sql, type Kysely } from 'kysely';

/**
 * Messages that are answered, edited and reacted to. As in 0001: one statement a call, foreign keys in statements of
 * their own, `chat_id` first in every key.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    // Whose the quoted message is never changes, so it is written once and no page of history need look for it.
    sql`ALTER TABLE messages ADD COLUMN reply_to_sender_id bigint`,
    sql`ALTER TABLE messages ADD CONSTRAINT messages_reply_to CHECK ((reply_to IS NULL) = (reply_to_sender_id IS NULL))`,

    // The version is that of the change which replaced the text.
    sql`
      CREATE TABLE message_edits (
        chat_id bigint NOT NULL,
        message_id bigint NOT NULL,
        version bigint NOT NULL,
        text text NOT NULL,
        edited_at timestamptz(3) NOT NULL,
        PRIMARY KEY (chat_id, message_id, version)
      )`,
    sql`ALTER TABLE message_edits ADD CONSTRAINT message_edits_message FOREIGN KEY (chat_id, message_id) REFERENCES messages (chat_id, id) ON DELETE CASCADE`,

    // The version is that of the change which added the reaction: an order without ties, which the time is not.
    sql`
      CREATE TABLE reactions (
        chat_id bigint NOT NULL,
        message_id bigint NOT NULL,
        user_id bigint NOT NULL,
        emoji text COLLATE "C" NOT NULL,
        version bigint NOT NULL,
        created_at timestamptz(3) NOT NULL,
        PRIMARY KEY (chat_id, message_id, user_id, emoji)
      )`,
    sql`ALTER TABLE reactions ADD CONSTRAINT reactions_message FOREIGN KEY (chat_id, message_id) REFERENCES messages (chat_id, id) ON DELETE CASCADE`,
  ];
  for (const statement of statements) await statement.execute(db);
}
