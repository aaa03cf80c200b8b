import type { Readers } from '@beseda/protocol/marks.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { requireMembership } from './membership.ts';
import { messageNotFound } from './message-rows.ts';

/**
 * Who has read a message, and on whose devices it is, by user id: present members who were in when it was sent, but for
 * its sender. When a member read it is when the first step of their reading that reaches it began, or when it was
 * sent where that is later.
 *
 * @param page `after`: a user id; only members past it.
 * @throws ProblemError `chat_not_found`, `message_not_found`.
 */
export async function readersOf(
  db: Db,
  userId: number,
  chatId: number,
  messageId: number,
  page: { limit: number; after: number },
): Promise<Readers> {
  await requireMembership(db, chatId, userId);
  const message = await db
    .selectFrom('messages')
    .select(['sender_id', 'created_at'])
    .where('chat_id', '=', chatId)
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (message === undefined) throw messageNotFound(chatId, messageId);
  const reached = sql`
    m.chat_id = ${chatId} AND m.user_id <> ${message.sender_id} AND m.left_at IS NULL
      AND m.joined_message_id < ${messageId}`;
  const { rows: counts } = await sql<{ read_count: number }>`
    SELECT count(*) AS read_count FROM members m
    WHERE ${reached} AND m.last_read_id >= ${messageId} AND m.last_read_id > m.joined_message_id`.execute(db);
  // One more than the page holds tells whether there is another.
  const { rows } = await sql<{ user_id: number; has_read: boolean; read_at: Date | null }>`
    SELECT m.user_id, m.last_read_id >= ${messageId} AS has_read, 
      CASE WHEN step.after_message_id < ${messageId} THEN GREATEST(step.read_at, ${message.created_at}) END AS read_at
    FROM members m
    LEFT JOIN LATERAL (
      SELECT s.read_at, s.after_message_id FROM reading_steps s
      WHERE s.chat_id = ${chatId} AND s.user_id = m.user_id AND s.message_id >= ${messageId}
      ORDER BY s.message_id, s.read_at
      LIMIT 1
    ) step ON true
    WHERE ${reached} AND GREATEST(m.last_read_id, m.delivered_id) >= ${messageId} AND m.user_id > ${page.after}
    ORDER BY m.user_id
    LIMIT ${page.limit + 1}`.execute(db);
  const told = rows.slice(0, page.limit);
  return {
    read_count: counts[0]?.read_count ?? 0,
    readers: told
      .filter((row) => row.has_read)
      .map((row) => ({ user_id: row.user_id, read_at: row.read_at?.toISOString() ?? null })),
    delivered: told.filter((row) => !row.has_read).map((row) => row.user_id),
    next_after: rows.length > page.limit ? (told.at(-1)?.user_id ?? null) : null,
  };
}
