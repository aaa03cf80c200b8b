import type { Db } from '../db/open.ts';
import type { Outcome } from './events.ts';
import { chatFrame, memberFrame } from './frames.ts';
import { getUser } from './people.ts';

/**
 * The personal chat of two users, or of one with themself, who then is its one member: the one they have, or a new one.
 * However many ask at once, the pair has one: its key is unique, and those who lose the race find the winner's.
 *
 * @throws ProblemError `user_not_found`.
 */
export async function openPersonalChat(
  tx: Db,
  actorId: number,
  peerId: number,
  now: Date,
): Promise<Outcome<{ chatId: number; created: boolean }>> {
  await getUser(tx, peerId);
  const pair = { low_id: Math.min(actorId, peerId), high_id: Math.max(actorId, peerId) };
  const existing = await findPair(tx, pair);
  if (existing !== undefined) return { result: { chatId: existing, created: false }, events: [] };

  const userIds = pair.low_id === pair.high_id ? [actorId] : [pair.low_id, pair.high_id];
  // The chat itself is its first change, each member the next.
  const chat = await tx
    .insertInto('chats')
    .values({
      kind: 'personal',
      name: null,
      creator_id: null,
      last_message_id: 0,
      version: 1 + userIds.length,
      info_version: 1,
      created_at: now,
      member_count: userIds.length,
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
      userIds.map((userId, index) => ({
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
