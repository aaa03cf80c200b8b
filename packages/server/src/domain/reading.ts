import type { Db } from '../db/open.ts';
import type { Outcome } from './events.ts';
import type { MessageRow } from './frames.ts';
import { requireMembership } from './membership.ts';
import { messageNotFound } from './message-rows.ts';

/**
 * Moves the user's reading mark up to a message; a mark never goes back, and one that does not move tells nobody.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found`.
 */
export async function markRead(
  tx: Db,
  userId: number,
  chatId: number,
  messageId: number,
  origin?: symbol,
): Promise<Outcome<void>> {
  const { chat } = await requireMembership(tx, chatId, userId);
  if (messageId > chat.last_message_id) {
    throw messageNotFound(chatId, messageId);
  }
  const moved = await tx
    .updateTable('members')
    .set({ last_read_id: messageId })
    .where('chat_id', '=', chatId)
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .where('last_read_id', '<', messageId)
    .returning('last_read_id')
    .executeTakeFirst();
  if (moved === undefined) return { result: undefined, events: [] };
  return {
    result: undefined,
    events: [{ chatId, frame: { type: 'read', message_id: messageId, chat_id: chatId, reader_id: userId }, origin }],
  };
}

/**
 * A test of whether someone else has read a message. It needs only the two marks furthest on: the second one
 * decides for messages whose sender holds the first.
 */
export async function readByOthers(
  db: Db,
  chatId: number,
): Promise<(message: Pick<MessageRow, 'id' | 'sender_id'>) => boolean> {
  const [first, second] = await db
    .selectFrom('members')
    .select(['user_id', 'last_read_id'])
    .where('chat_id', '=', chatId)
    // Whoever has just come in has read nothing yet, though nothing waits for them either.
    .whereRef('last_read_id', '>', 'joined_message_id')
    .orderBy('last_read_id', 'desc')
    .limit(2)
    .execute();
  return ({ id, sender_id }) => id <= ((first?.user_id === sender_id ? second : first)?.last_read_id ?? 0);
}
