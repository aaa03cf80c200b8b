import type { Message } from '@beseda/protocol/messages.ts';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../db/open.ts';
import { message } from './frames.ts';
import { furthestOfChat, readByOthers } from './furthest-marks.ts';
import { chatNotFound, requireMembership } from './membership.ts';
import { messagesJson, type IdRange } from './message-json.ts';
import { requireMessage } from './message-rows.ts';

/** Which page of a chat: counted from the newest, next to a message, or from a moment on. */
export type Page = { limit: number } & ({ offset: number } | { before: number } | { after: number } | { from: Date });

/** A page as JSON, and what of the chat it rests on. */
export interface HistoryPage {
  /** An array of messages, newest first. */
  json: string;
  /** Of two pages of one place that have the same, both are the same. */
  state: string;
}

/**
 * All that a page of a chat depends on besides its place, as one text: the version, which every change of a message
 * moves on, the newest id, and the two reading marks furthest on, which have no version. For statements that have the
 * chat as `c` and its `furthestOfChat` as `furthest`.
 */
const stateOfChat = sql<string>`concat_ws(' ', c.version, c.last_message_id, furthest.marks)`;

/** {@link HistoryPage.state} as a scalar subquery: NULL where the user is no member of the chat. */
export function stateOfMemberChat({ chat, user }: { chat: RawBuilder<unknown>; user: RawBuilder<unknown> }) {
  return sql<string | null>`(SELECT ${stateOfChat} ${memberChat(chat, user)})`;
}

/** Of one chat of a member, all that {@link stateOfChat} and {@link messagesJson} need. */
function memberChat(chat: RawBuilder<unknown>, user: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    FROM members own JOIN chats c ON c.id = own.chat_id CROSS JOIN LATERAL ${furthestOfChat} furthest
    WHERE own.chat_id = ${chat} AND own.user_id = ${user} AND own.left_at IS NULL`;
}

/**
 * A page of messages, newest first. Message ids have no gaps, so every kind of page is a range of ids: as fast a
 * million messages back as at the newest. One statement, so what it tells is of one moment, membership included.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function historyPage(db: Db, userId: number, chatId: number, page: Page): Promise<HistoryPage> {
  const range = idRange('from' in page ? await followingFrom(db, chatId, page) : page);
  const { rows } = await sql<HistoryPage>`
    SELECT ${messagesJson(chatId, range)} AS json, ${stateOfChat} AS state
    ${memberChat(sql`${chatId}`, sql`${userId}`)}`.execute(db);
  const [read] = rows;
  if (read === undefined) throw chatNotFound(chatId);
  return read;
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
 * The page of the first messages that were sent at a moment or later. Ids are in the order of sending, so the first is
 * found by halves: some 20 rows are looked at of a million, and no index is needed. Where the server's clock was once
 * set back, one of those that fit is found.
 */
async function followingFrom(
  db: Db,
  chatId: number,
  { limit, from }: Extract<Page, { from: Date }>,
): Promise<Extract<Page, { after: number }>> {
  const { rows } = await sql<{ id: number }>`
    WITH RECURSIVE search (low, high) AS (
      SELECT 1::bigint, last_message_id + 1 FROM chats WHERE id = ${chatId}
      UNION ALL
      SELECT CASE WHEN m.created_at < ${from} THEN m.id + 1 ELSE s.low END,
             CASE WHEN m.created_at < ${from} THEN s.high ELSE m.id END
      FROM search s JOIN messages m ON m.chat_id = ${chatId} AND m.id = (s.low + s.high) / 2
      WHERE s.low < s.high
    )
    SELECT COALESCE(max(low), 1) AS id FROM search`.execute(db);
  return { limit, after: (rows[0]?.id ?? 1) - 1 };
}

/** The ids of a page of the chat `c`. */
function idRange(page: Exclude<Page, { from: Date }>): IdRange {
  if ('after' in page) {
    const last = sql<number>`LEAST(c.last_message_id, ${page.after}::bigint + ${page.limit}::bigint)`;
    return { first: sql`${page.after}::bigint + 1`, last };
  }
  const last =
    'before' in page
      ? sql<number>`LEAST(c.last_message_id, ${page.before}::bigint - 1)`
      : sql<number>`c.last_message_id - ${page.offset}::bigint`;
  return { first: sql`${last} - ${page.limit}::bigint + 1`, last };
}
