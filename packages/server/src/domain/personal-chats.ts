import type { Db } from '../db/open.ts';
import type { Outcome } from './events.ts';
import { chatFrame, memberFrame } from './frames.ts';
import { getUser } from './people.ts';
import { invalidField } from './problem.ts';

/**
 * The personal chat of two users: the one they have, or a new one. However many ask at once, the pair has one:
 * its key is unique, and those who lose the race find the winner's.
 *
 * @throws ProblemError `user_not_found`, `invalid_input` for a chat with oneself.
 */
export async function openPersonalChat(
  tx: Db,
  actorId: number,
  peerId: number,
  now: Date,
): Promise<Outcome<{ chatId: number; created: boolean }>> {
  if (peerId === actorId) {
    throw invalidField(['body', 'user_id'], 'must be another user: a personal chat is one of two', 'other_user');
  }
  await getUser(tx, peerId);
  const pair = { low_id: Math.min(actorId, peerId), high_id: Math.max(actorId, peerId) };
  const existing = await findPair(tx, pair);
  if (existing !== undefined) return { result: { chatId: existing, created: false }, events: [] };

  const chat = await tx
    .insertInto('chats')
    .values({
      kind: 'personal',
      name: null,
      creator_id: null,
      last_message_id: 0,
      version: 3,
      info_version: 1,
      created_at: now,
      member_count: 2,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const won = await tx
    .insertInto('personal_chats')
    .values({ ...pair, chat_id: chat.id })
    .onConflict((conflict) => conflict.doNothing())
    .returning('chat_id')
    .executeTakeFirst();
  if (won === undefined) {
    await tx.deleteFrom('chats').where('id', '=', chat.id).execute();
    const winner = await findPair(tx, pair);
    if (winner === undefined) throw new Error(`personal chat of ${pair.low_id} and ${pair.high_id} lost and not found`);
    return { result: { chatId: winner, created: false }, events: [] };
  }
  const members = await tx
    .insertInto('members')
    .values(
      [pair.low_id, pair.high_id].map((userId, index) => ({
        chat_id: chat.id,
        user_id: userId,
        role: 'member',
        joined_at: now,
        left_at: null,
        joined_message_id: 0,
        last_read_id: 0,
        version: 2 + index,
      })),
    )
    .returningAll()
    .execute();
  return {
    result: { chatId: chat.id, created: true },
    events: [
      { chatId: chat.id, frame: chatFrame(chat) },
      ...members.map((row) => ({ chatId: chat.id, frame: memberFrame(row) })),
    ],
  };
}

async function findPair(tx: Db, pair: { low_id: number; high_id: number }): Promise<number | undefined> {
  const row = await tx
    .selectFrom('personal_chats')
    .select('chat_id')
    .where('low_id', '=', pair.low_id)
    .where('high_id', '=', pair.high_id)
    .executeTakeFirst();
  return row?.chat_id;
}
