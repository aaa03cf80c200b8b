import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { chatNotFound, requireMembership } from './membership.ts';
import { messageNotFound } from './message-rows.ts';
import type { Draft } from './send-messages.ts';

/** What of a message goes into the one that forwards it. */
export type Original = Pick<Draft, 'text' | 'files'> & { forwardedFrom: NonNullable<Draft['forwardedFrom']> };

/**
 * Messages of a chat as they are forwarded, in the order of their ids given: of one that was forwarded itself, what was
 * told of the first. To be sent by the one path of sends, which looks again at whether the user may write in each chat.
 *
 * @param to the chats that they go to.
 * @throws ProblemError `chat_not_found`, also of a chat that they go to; `message_not_found` (of a deleted one too).
 */
export async function originals(
  db: Db,
  userId: number,
  chatId: number,
  messageIds: readonly number[],
  to: readonly number[],
): Promise<Original[]> {
  await requireMembership(db, chatId, userId);
  await requireChats(db, userId, to);
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'sender_id', 'text', 'created_at', 'forwarded_sender_id', 'forwarded_created_at', 'files'])
    .where('chat_id', '=', chatId)
    .where('id', '=', sql<number>`ANY (${messageIds}::bigint[])`)
    .where('deleted_at', 'is', null)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return messageIds.map((id) => {
    const row = byId.get(id);
    if (row === undefined) throw messageNotFound(chatId, id);
    const forwardedFrom = {
      senderId: row.forwarded_sender_id ?? row.sender_id,
      createdAt: row.forwarded_created_at ?? row.created_at,
    };
    return { text: row.text, files: row.files?.map((file) => file.id), forwardedFrom };
  });
}

/** @throws ProblemError `chat_not_found` of the first that the user is not in. */
async function requireChats(db: Db, userId: number, chatIds: readonly number[]): Promise<void> {
  const rows = await db
    .selectFrom('members')
    .select('chat_id')
    .where('chat_id', '=', sql<number>`ANY (${chatIds}::bigint[])`)
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .execute();
  const own = new Set(rows.map((row) => row.chat_id));
  const foreign = chatIds.find((id) => !own.has(id));
  if (foreign !== undefined) throw chatNotFound(foreign);
}
