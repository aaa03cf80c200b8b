import type { MessageFrame } from '@beseda/protocol/frames.ts';
import { EDITS_TOLD } from '@beseda/protocol/limits.ts';
import type { EarlierText } from '@beseda/protocol/messages.ts';
import type { Db } from '../db/open.ts';
import type { Outcome } from './events.ts';
import { messageFrame, type MessageRow } from './frames.ts';
import { lockMembership, requireMembership, takeVersion } from './membership.ts';
import { messageNotFound, requireMessage } from './message-rows.ts';
import { ProblemError } from './problem.ts';
import { dropMessageFiles } from './removing-files.ts';

/** What stands in the place of whose words those were. */
const NOT_FORWARDED = { forwarded_sender_id: null, forwarded_created_at: null };

/**
 * Gives a message another text, which is ready to be stored ({@link trimmedText}); only who wrote it may, and nobody
 * where it was forwarded: it tells whose words those are. The text until now is kept ({@link earlierTexts}). The same text again changes nothing.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found` (of a deleted one too), `forbidden`.
 */
export async function editMessage(
  tx: Db,
  actorId: number,
  chatId: number,
  messageId: number,
  text: string,
  now: Date,
): Promise<Outcome<MessageFrame>> {
  await lockMembership(tx, chatId, actorId);
  const row = await requireStanding(tx, chatId, messageId);
  if (row.sender_id !== actorId) throw new ProblemError('forbidden', 'Only who wrote a message may edit it.');
  if (row.forwarded_sender_id !== null) {
    throw new ProblemError('forbidden', 'A forwarded message stands as its author wrote it: it cannot be edited.');
  }
  if (row.text === text) return unchanged(row);
  const version = await takeVersion(tx, chatId);
  await tx
    .insertInto('message_edits')
    .values({ chat_id: chatId, message_id: messageId, version, text: row.text, edited_at: now })
    .execute();
  return changed(tx, row, { version, text, edited_at: now });
}

/**
 * Deletes a message: who wrote it may, and the creator of the group. Its text, the earlier ones and its reactions
 * are gone from the database, and so is that it was pinned or forwarded; that it was, whose, when and in answer to what stays. Deleting it again changes nothing.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found`, `forbidden`.
 */
export async function deleteMessage(
  tx: Db,
  actorId: number,
  chatId: number,
  messageId: number,
  now: Date,
): Promise<Outcome<void>> {
  const { member } = await lockMembership(tx, chatId, actorId);
  const row = await requireMessage(tx, chatId, messageId);
  if (row.sender_id !== actorId && member.role !== 'creator') {
    throw new ProblemError('forbidden', 'Only who wrote a message and the creator of the group may delete it.');
  }
  if (row.deleted_at !== null) return { result: undefined, events: [] };
  for (const table of ['message_edits', 'reactions'] as const) {
    await tx.deleteFrom(table).where('chat_id', '=', chatId).where('message_id', '=', messageId).execute();
  }
  if (row.files !== null) await dropMessageFiles(tx, chatId, messageId, now);
  const version = await takeVersion(tx, chatId);
  const { events } = await changed(tx, row, {
    version,
    text: '',
    edited_at: null,
    deleted_at: now,
    files: null,
    pinned_at: null,
    ...NOT_FORWARDED,
  });
  return { result: undefined, events };
}

/**
 * The texts that edits of a message replaced, oldest first; the latest `EDITS_TOLD` of them. A deleted one has none.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found`.
 */
export async function earlierTexts(db: Db, userId: number, chatId: number, messageId: number): Promise<EarlierText[]> {
  await requireMembership(db, chatId, userId);
  await requireMessage(db, chatId, messageId);
  const rows = await db
    .selectFrom('message_edits')
    .select(['text', 'edited_at'])
    .where('chat_id', '=', chatId)
    .where('message_id', '=', messageId)
    .orderBy('version', 'desc')
    .limit(EDITS_TOLD.max)
    .execute();
  return rows.toReversed().map((row) => ({ text: row.text, edited_at: row.edited_at.toISOString() }));
}

/** @throws ProblemError `message_not_found`, of a deleted one too. */
export async function requireStanding(tx: Db, chatId: number, messageId: number): Promise<MessageRow> {
  const row = await requireMessage(tx, chatId, messageId);
  if (row.deleted_at !== null) throw messageNotFound(chatId, messageId);
  return row;
}

/** The outcome where a message already is as it was asked to be. */
export function unchanged(row: MessageRow): Outcome<MessageFrame> {
  return { result: messageFrame(row), events: [] };
}

/** Writes what is new of a message, its version at least, and tells its whole state. */
export async function changed(
  tx: Db,
  { chat_id: chatId, id }: MessageRow,
  news: Partial<
    Pick<MessageRow, 'text' | 'edited_at' | 'deleted_at' | 'files' | 'pinned_at' | keyof typeof NOT_FORWARDED>
  > & {
    version: number;
  },
): Promise<Outcome<MessageFrame>> {
  await tx.updateTable('messages').set(news).where('chat_id', '=', chatId).where('id', '=', id).execute();
  const frame = messageFrame(await requireMessage(tx, chatId, id));
  return { result: frame, events: [{ chatId, frame }] };
}
