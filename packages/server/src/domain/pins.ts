import type { MessageFrame } from '@beseda/protocol/frames.ts';
import { PINS } from '@beseda/protocol/limits.ts';
import type { Message } from '@beseda/protocol/messages.ts';
import type { Db } from '../db/open.ts';
import { changed, requireStanding, unchanged } from './change-messages.ts';
import type { Outcome } from './events.ts';
import { message } from './frames.ts';
import { readByOthers } from './furthest-marks.ts';
import { lockMembership, requireMembership, takeVersion, type Membership } from './membership.ts';
import { selectMessages } from './message-rows.ts';
import { ProblemError } from './problem.ts';

/**
 * Pins a message for all in its chat; one that is pinned stays as it is.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found` (of a deleted one too), `forbidden`, `too_many_pins`.
 */
export async function pin(
  tx: Db,
  actorId: number,
  chatId: number,
  messageId: number,
  now: Date,
): Promise<Outcome<MessageFrame>> {
  requireMayPin(await lockMembership(tx, chatId, actorId));
  const row = await requireStanding(tx, chatId, messageId);
  if (row.pinned_at !== null) return unchanged(row);
  const pinned = await tx
    .selectFrom('messages')
    .select('id')
    .where('chat_id', '=', chatId)
    .where('pinned_at', 'is not', null)
    .orderBy('pinned_at')
    .limit(PINS.max)
    .execute();
  if (pinned.length >= PINS.max) {
    throw new ProblemError('too_many_pins', `A chat has at most ${PINS.max} pinned messages: unpin one of them first.`);
  }
  return changed(tx, row, { version: await takeVersion(tx, chatId), pinned_at: now });
}

/**
 * Unpins a message; where it is not pinned, nothing changes.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found` (of a deleted one too), `forbidden`.
 */
export async function unpin(
  tx: Db,
  actorId: number,
  chatId: number,
  messageId: number,
): Promise<Outcome<MessageFrame>> {
  requireMayPin(await lockMembership(tx, chatId, actorId));
  const row = await requireStanding(tx, chatId, messageId);
  if (row.pinned_at === null) return unchanged(row);
  return changed(tx, row, { version: await takeVersion(tx, chatId), pinned_at: null });
}

/**
 * The pinned messages of a chat, the one pinned last first; of those pinned in one millisecond the later message.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function pinsOf(db: Db, userId: number, chatId: number): Promise<Message[]> {
  await requireMembership(db, chatId, userId);
  const [rows, isRead] = await Promise.all([
    selectMessages(db)
      .where('chat_id', '=', chatId)
      .where('pinned_at', 'is not', null)
      .orderBy('pinned_at', 'desc')
      .orderBy('id', 'desc')
      .limit(PINS.max)
      .execute(),
    readByOthers(db, chatId),
  ]);
  return rows.map((row) => message(row, isRead(row)));
}

/** What is pinned stands above the chat for everyone, so in a group it is its creator's to say. */
function requireMayPin({ chat, member }: Membership): void {
  if (chat.kind !== 'group' || member.role === 'creator') return;
  throw new ProblemError('forbidden', 'Only the creator of the group may pin its messages and unpin them.');
}
