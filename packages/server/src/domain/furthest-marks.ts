import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import type { MessageRow } from './frames.ts';

/** A member's reading mark. */
export interface Holder {
  userId: number;
  lastReadId: number;
}

/**
 * The two reading marks furthest on in each chat, the furthest first: all that one need know to tell whether someone
 * other than its sender has read a message. Marks that members began with do not count: whoever has just come in has
 * read nothing yet, though nothing waits for them either. One statement, two entries of an index for each chat.
 */
export async function furthestMarks(db: Db, chatIds: readonly number[]): Promise<Map<number, Holder[]>> {
  if (chatIds.length === 0) return new Map();
  const { rows } = await sql<{ chat_id: number; user_id: number; last_read_id: number }>`
    SELECT u.chat_id, furthest.user_id, furthest.last_read_id
    FROM unnest(${[...chatIds]}::bigint[]) AS u (chat_id)
    CROSS JOIN LATERAL (
      SELECT m.user_id, m.last_read_id FROM members m
      WHERE m.chat_id = u.chat_id AND m.last_read_id > m.joined_message_id
      ORDER BY m.last_read_id DESC
      LIMIT 2
    ) furthest
    ORDER BY u.chat_id, furthest.last_read_id DESC`.execute(db);
  const holders = rows.map((row) => ({ chatId: row.chat_id, userId: row.user_id, lastReadId: row.last_read_id }));
  return Map.groupBy(holders, (holder) => holder.chatId);
}

/**
 * The two furthest marks of the chat `c` of a statement, as a row: what tells of its messages whether they are read,
 * and both marks as text, by which two moments can be compared.
 */
export const furthestOfChat = sql`(
  SELECT (array_agg(mark.user_id))[1] AS first_user, (array_agg(mark.last_read_id))[1] AS first_mark,
    (array_agg(mark.last_read_id))[2] AS second_mark,
    string_agg(mark.user_id || ':' || mark.last_read_id, ' ') AS marks
  FROM (
    SELECT r.user_id, r.last_read_id FROM members r
    WHERE r.chat_id = c.id AND r.last_read_id > r.joined_message_id
    ORDER BY r.last_read_id DESC
    LIMIT 2
  ) mark
)`;

/** A test of whether someone other than its sender has read a message of the chat. */
export async function readByOthers(
  db: Db,
  chatId: number,
): Promise<(message: Pick<MessageRow, 'id' | 'sender_id'>) => boolean> {
  const [first, second] = (await furthestMarks(db, [chatId])).get(chatId) ?? [];
  return ({ id, sender_id }) => id <= ((first?.userId === sender_id ? second : first)?.lastReadId ?? 0);
}

/**
 * Whether others need to hear of a mark in a chat where not all marks are told: two that reach as far are enough, since
 * one of them is not the sender's. Takes the mark into account for those that follow.
 *
 * @param holders the marks furthest on before; changed.
 */
export function isAmongFurthest(holders: Holder[], mark: Holder): boolean {
  const asFar = holders.filter((holder) => holder.userId !== mark.userId && holder.lastReadId >= mark.lastReadId);
  if (asFar.length >= 2) return false;
  const others = holders.filter((holder) => holder.userId !== mark.userId);
  const furthest = [...others, mark].toSorted((a, b) => b.lastReadId - a.lastReadId).slice(0, 2);
  holders.splice(0, holders.length, ...furthest);
  return true;
}
