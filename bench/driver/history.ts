import type { Client } from 'pg';

/** Chats that are to hold messages. */
export interface Filling {
  chatIds: readonly number[];
  /** Messages of each chat. */
  messages: number;
}

/** Characters of a text that was written before. */
const TEXT_LENGTH = 100;

/** Rows of one statement. */
const AT_ONCE = 1_000_000;

/**
 * Fills groups that have no messages straight in the database, as if their creators had sent them one by one; then does
 * what autovacuum would have done.
 */
export async function insertHistory(database: Client, { chatIds, messages }: Filling): Promise<void> {
  const perChat = Math.max(1, Math.floor(AT_ONCE / chatIds.length));
  for (let from = 1; from <= messages; from += perChat) {
    const to = Math.min(messages, from + perChat - 1);
    await database.query({ text: INSERT, values: [chatIds, from, to, TEXT_LENGTH] });
  }
  await database.query({ text: MOVE_ON, values: [chatIds, messages] });
  await database.query('VACUUM (ANALYZE) chats, members, messages');
  // What it has to write out must not be part of what is measured.
  await database.query('CHECKPOINT');
}

/** What was changed in a chat before takes the versions below those of the messages. */
const INSERT = `
  INSERT INTO messages (chat_id, id, version, sender_id, text, created_at)
  SELECT chats.id, number, chats.version + number, chats.creator_id, rpad(number || ' ', $4, 'x'), now()
  FROM chats, generate_series($2::bigint, $3::bigint) AS number
  WHERE chats.id = ANY ($1::bigint[])`;

const MOVE_ON = `UPDATE chats SET last_message_id = $2, version = version + $2 WHERE id = ANY ($1::bigint[])`;
