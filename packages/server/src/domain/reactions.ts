import { isOneEmoji } from '@beseda/protocol/emoji.ts';
import type { InputError } from '@beseda/protocol/errors.ts';
import type { MessageFrame } from '@beseda/protocol/frames.ts';
import { REACTION_KINDS } from '@beseda/protocol/limits.ts';
import type { Db } from '../db/open.ts';
import { changed, requireStanding, unchanged } from './change-messages.ts';
import type { Outcome } from './events.ts';
import { lockMembership, takeVersion } from './membership.ts';
import { invalidField, ProblemError } from './problem.ts';

/**
 * Reacts to a message with an emoji; the same one again changes nothing.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found` (of a deleted one too), `invalid_input`,
 * `too_many_reactions`.
 */
export async function react(
  tx: Db,
  actorId: number,
  chatId: number,
  messageId: number,
  emoji: string,
  now: Date,
): Promise<Outcome<MessageFrame>> {
  oneEmoji(emoji, ['emoji']);
  await lockMembership(tx, chatId, actorId);
  const row = await requireStanding(tx, chatId, messageId);
  const own = await tx
    .selectFrom('reactions')
    .select('emoji')
    .where('chat_id', '=', chatId)
    .where('message_id', '=', messageId)
    .where('user_id', '=', actorId)
    .where('emoji', '=', emoji)
    .executeTakeFirst();
  if (own !== undefined) return unchanged(row);
  if (row.reactions.length >= REACTION_KINDS.max && row.reactions.every((kind) => kind.emoji !== emoji)) {
    throw new ProblemError(
      'too_many_reactions',
      `A message has at most ${REACTION_KINDS.max} kinds of reaction: choose one of those that are there.`,
    );
  }
  const version = await takeVersion(tx, chatId);
  await tx
    .insertInto('reactions')
    .values({ chat_id: chatId, message_id: messageId, user_id: actorId, emoji, version, created_at: now })
    .execute();
  return changed(tx, row, { version });
}

/**
 * Takes a reaction of one's own back; where there is none, nothing changes.
 *
 * @throws ProblemError `chat_not_found`, `message_not_found` (of a deleted one too), `invalid_input`.
 */
export async function takeReactionBack(
  tx: Db,
  actorId: number,
  chatId: number,
  messageId: number,
  emoji: string,
): Promise<Outcome<MessageFrame>> {
  oneEmoji(emoji, ['emoji']);
  await lockMembership(tx, chatId, actorId);
  const row = await requireStanding(tx, chatId, messageId);
  const { numDeletedRows } = await tx
    .deleteFrom('reactions')
    .where('chat_id', '=', chatId)
    .where('message_id', '=', messageId)
    .where('user_id', '=', actorId)
    .where('emoji', '=', emoji)
    .executeTakeFirst();
  if (numDeletedRows === 0n) return unchanged(row);
  return changed(tx, row, { version: await takeVersion(tx, chatId) });
}

/** @throws ProblemError `invalid_input` naming `loc` where it is anything but one emoji. */
export function oneEmoji(value: string, loc: InputError['loc']): string {
  if (!isOneEmoji(value)) throw invalidField(loc, 'must be one emoji', 'emoji');
  return value;
}
