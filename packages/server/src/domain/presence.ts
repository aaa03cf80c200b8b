import { PRESENCE_TOLD, type ChatPresence, type UserPresence } from '@beseda/protocol/presence.ts';
import type { Db } from '../db/open.ts';
import { hiddenAmong, lastSeenOf } from './last-seen.ts';
import { memberListsOf, shareSmallChat } from './member-lists.ts';
import { requireMembership } from './membership.ts';

/** Whether others may know that a user is online. Those who hide it are online to nobody. */
export type IsOnline = (userId: number) => boolean;

/** Whether a user is online, or was last, as far as another one may know it: everyone sees themself. */
export async function presenceSeenBy(
  db: Db,
  viewerId: number,
  userId: number,
  isOnline: IsOnline,
): Promise<UserPresence> {
  const seen =
    !(await hiddenAmong(db, [viewerId])).has(viewerId) &&
    (viewerId === userId || (await shareSmallChat(db, viewerId, userId)));
  if (!seen) return presenceOf(userId, false, undefined);
  return presenceOf(userId, isOnline(userId), (await lastSeenOf(db, [userId])).get(userId));
}

/**
 * Who of a chat is online, as one of its members may know it.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function presenceIn(db: Db, viewerId: number, chatId: number, isOnline: IsOnline): Promise<ChatPresence> {
  await requireMembership(db, chatId, viewerId);
  const [list] = await memberListsOf(db, [chatId]);
  const userIds = (list?.userIds ?? []).toSorted((a, b) => a - b);
  const isLarge = userIds.length > PRESENCE_TOLD.maxMembers;
  if (isLarge) return { online_count: userIds.filter(isOnline).length, users: [] };
  // A count of so few would tell who it is.
  if ((await hiddenAmong(db, [viewerId])).has(viewerId)) return { online_count: 0, users: [] };
  const lastSeen = await lastSeenOf(db, userIds);
  const users = userIds.map((userId) => presenceOf(userId, isOnline(userId), lastSeen.get(userId)));
  return { online_count: users.filter(({ online }) => online).length, users };
}

function presenceOf(userId: number, online: boolean, lastSeen: Date | undefined): UserPresence {
  return { user_id: userId, online, last_seen_at: online ? null : (lastSeen?.toISOString() ?? null) };
}
