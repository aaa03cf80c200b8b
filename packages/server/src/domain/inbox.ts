import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../db/open.ts';
import { chatNotFound } from './membership.ts';
import { messageJson, moment } from './message-json.ts';

/** Every chat of the user as the user sees it, the one with the latest activity first: an `Inbox` as JSON. */
export async function inboxJson(db: Db, userId: number): Promise<string> {
  const { rows } = await sql<{ chats: string | null }>`
    SELECT string_agg(row_to_json(chat)::text, ',') AS chats FROM (${chatsOf(userId, sql``)}) chat`.execute(db);
  return `{"chats":[${rows[0]?.chats ?? ''}]}`;
}

/**
 * One of them: a `Chat` as JSON.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function chatJson(db: Db, userId: number, chatId: number): Promise<string> {
  const { rows } = await sql<{ chat: string }>`
    SELECT row_to_json(chat)::text AS chat
    FROM (${chatsOf(userId, sql`AND own.chat_id = ${chatId}`)}) chat`.execute(db);
  const [row] = rows;
  if (row === undefined) throw chatNotFound(chatId);
  return row.chat;
}

/**
 * What the protocol tells of each chat, in its order. The other person is asked for in personal chats alone: groups may
 * have thousands of members. One statement, of which each part is a look into an index, so what an inbox costs
 * grows with its chats, whatever those hold.
 */
function chatsOf(userId: number, which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    SELECT c.id, COALESCE(c.name, peer.display_name, peer.username, '') AS name, c.kind = 'group' AS is_group,
      c.creator_id, row_to_json(peer) AS peer, c.version, c.last_message_id,
      CASE WHEN m.id IS NOT NULL THEN ${messageJson} END AS last_message,
      own.last_read_id,
      GREATEST(0, c.last_message_id - LEAST(own.last_read_id, own.unread_from_id - 1)) AS unread_count,
      own.unread_from_id AS marked_unread_id, own.muted, own.pinned, ${moment('c.created_at')} AS created_at
    FROM members own
    JOIN chats c ON c.id = own.chat_id
    LEFT JOIN messages m ON m.chat_id = own.chat_id AND m.id = c.last_message_id
    LEFT JOIN LATERAL (
      SELECT u.id, u.username, u.display_name FROM members other JOIN users u ON u.id = other.user_id
      WHERE c.kind = 'personal' AND other.chat_id = own.chat_id AND other.user_id <> own.user_id
      LIMIT 1
    ) peer ON true
    WHERE own.user_id = ${userId} AND own.left_at IS NULL ${which}
    ORDER BY COALESCE(m.created_at, c.created_at) DESC, c.id DESC`;
}
