import type { Message } from '@beseda/protocol/messages.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { message } from './frames.ts';
import { requireMembership } from './membership.ts';
import { requireMessage, selectMessages } from './message-rows.ts';
import { readByOthers } from './furthest-marks.ts';

/** Which page of a chat: counted from the newest, next to a message, or from a moment on. */
export type Page = { limit: number } & ({ offset: number } | { before: number } | { after: number } | { from: Date });

/**
 * A page of messages, newest first. Message ids have no gaps, so every kind of page is a range of ids: as fast a
 * million messages back as at the newest.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function history(db: Db, userId: number, chatId: number, page: Page): Promise<Message[]> {
  const { chat } = await requireMembership(db, chatId, userId);
  const newest = chat.last_message_id;
  const { first, last } =
    'from' in page
      ? range({ limit: page.limit, after: (await firstFrom(db, chatId, newest, page.from)) - 1 }, newest)
      : range(page, newest);
  const [rows, isRead] = await Promise.all([
    selectMessages(db)
      .where('chat_id', '=', chatId)
      .where('id', '>=', first)
      .where('id', '<=', last)
      .orderBy('id', 'desc')
      .execute(),
    readByOthers(db, chatId),
  ]);
  return rows.map((row) => message(row, isRead(row)));
}

/**
 * One message as it stands, a deleted one included: what a link or a quote leads to.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found`.
 */
export async function getMessage(db: Db, userId: number, chatId: number, messageId: number): Promise<Message> {
  await requireMembership(db, chatId, userId);
  const [row, isRead] = await Promise.all([requireMessage(db, chatId, messageId), readByOthers(db, chatId)]);
  return message(row, isRead(row));
}

/**
 * The id of the first message that was sent at a moment or later; the one after the newest where there is none. Ids are
 * in the order of sending, so it is found by halves: some 20 rows are looked at of a million, and no index is needed.
 * Where the server's clock was once set back, one of those that fit is found.
 */
async function firstFrom(db: Db, chatId: number, newest: number, moment: Date): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    WITH RECURSIVE search (low, high) AS (
      SELECT 1::bigint, ${newest}::bigint + 1
      UNION ALL
      SELECT CASE WHEN m.created_at < ${moment} THEN m.id + 1 ELSE s.low END,
             CASE WHEN m.created_at < ${moment} THEN s.high ELSE m.id END
      FROM search s JOIN messages m ON m.chat_id = ${chatId} AND m.id = (s.low + s.high) / 2
      WHERE s.low < s.high
    )
    SELECT max(low) AS id FROM search`.execute(db);
  return rows[0]?.id ?? 1;
}

/** The ids of a page, both included. */
function range(page: Exclude<Page, { from: Date }>, newest: number): { first: number; last: number } {
  if ('after' in page) return { first: page.after + 1, last: Math.min(newest, page.after + page.limit) };
  const last = 'before' in page ? Math.min(newest, page.before - 1) : newest - page.offset;
  return { first: last - page.limit + 1, last };
}
