import type { Message } from '@beseda/protocol/messages.ts';
import type { Db } from '../db/open.ts';
import { message } from './frames.ts';
import { requireMembership } from './membership.ts';
import { requireMessage, selectMessages } from './message-rows.ts';
import { readByOthers } from './furthest-marks.ts';

/** Which page of a chat: counted from the newest, or next to a message. */
export type Page = { limit: number } & ({ offset: number } | { before: number } | { after: number });

/**
 * A page of messages, newest first. Message ids have no gaps, so every kind of page is a range of ids: as fast a
 * million messages back as at the newest.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function history(db: Db, userId: number, chatId: number, page: Page): Promise<Message[]> {
  const { chat } = await requireMembership(db, chatId, userId);
  const { first, last } = range(page, chat.last_message_id);
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

/** The ids of a page, both included. */
function range(page: Page, newest: number): { first: number; last: number } {
  if ('after' in page) return { first: page.after + 1, last: Math.min(newest, page.after + page.limit) };
  const last = 'before' in page ? Math.min(newest, page.before - 1) : newest - page.offset;
  return { first: last - page.limit + 1, last };
}
