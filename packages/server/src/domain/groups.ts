import type { CreateGroup, Group, UpdateGroup } from '@beseda/protocol/groups.ts';
import { GROUP_SIZE, NAME_LENGTH } from '@beseda/protocol/limits.ts';
import type { Db } from '../db/open.ts';
import type { ChatEvent, Outcome } from './events.ts';
import { chatFrame, memberFrame, type ChatRow } from './frames.ts';
import { lockGroup, requireGroup, takeVersion } from './membership.ts';
import { invalidField, ProblemError } from './problem.ts';
import { trimmedText } from './text.ts';

/**
 * Makes a group of its creator and the members named.
 *
 * @throws ProblemError `invalid_input`, `user_not_found`.
 */
export async function createGroup(tx: Db, actorId: number, input: CreateGroup, now: Date): Promise<Outcome<Group>> {
  const name = groupName(input.name);
  const others = [...new Set(input.members ?? [])].filter((id) => id !== actorId).toSorted((a, b) => a - b);
  await requireUsers(tx, others);
  // The chat itself is its first change, each member the next.
  const chat = await tx
    .insertInto('chats')
    .values({
      kind: 'group',
      name,
      creator_id: actorId,
      last_message_id: 0,
      version: 2 + others.length,
      info_version: 1,
      created_at: now,
      member_count: 1 + others.length,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const members = await tx
    .insertInto('members')
    .values(
      [actorId, ...others].map((userId, index) => ({
        chat_id: chat.id,
        user_id: userId,
        role: userId === actorId ? 'creator' : 'member',
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
    result: { id: chat.id, name, creator_id: actorId, members: [actorId, ...others].toSorted((a, b) => a - b) },
    events: [
      { chatId: chat.id, frame: chatFrame(chat) },
      ...members.map((row) => ({ chatId: chat.id, frame: memberFrame(row) })),
    ],
  };
}

/**
 * Renames a group, or hands it over to another of its members. Only its creator may.
 *
 * @throws ProblemError `chat_not_found`, `forbidden`, `invalid_input`, `member_not_found`.
 */
export async function updateGroup(
  tx: Db,
  actorId: number,
  groupId: number,
  input: UpdateGroup,
): Promise<Outcome<Group>> {
  const { chat, member } = await lockGroup(tx, groupId, actorId);
  if (member.role !== 'creator') {
    throw new ProblemError('forbidden', 'Only the creator of the group may rename it or hand it over.');
  }
  const name = input.name === undefined ? chat.name : groupName(input.name);
  const creatorId = input.creator_id ?? actorId;
  const events: ChatEvent[] = [];
  let version = chat.version;
  if (creatorId !== actorId) {
    await requireMember(tx, groupId, creatorId);
    for (const [userId, role] of [
      [actorId, 'member'],
      [creatorId, 'creator'],
    ] as const) {
      version += 1;
      const row = await tx
        .updateTable('members')
        .set({ role, version })
        .where('chat_id', '=', groupId)
        .where('user_id', '=', userId)
        .returningAll()
        .executeTakeFirstOrThrow();
      events.push({ chatId: groupId, frame: memberFrame(row) });
    }
  }
  if (name !== chat.name || creatorId !== actorId) {
    version += 1;
    const row = await tx
      .updateTable('chats')
      .set({ name, creator_id: creatorId, version, info_version: version })
      .where('id', '=', groupId)
      .returningAll()
      .executeTakeFirstOrThrow();
    events.push({ chatId: groupId, frame: chatFrame(row) });
  }
  return { result: await getGroup(tx, actorId, groupId), events };
}

/** @throws ProblemError `chat_not_found`. */
export async function getGroup(db: Db, actorId: number, groupId: number): Promise<Group> {
  const { chat } = await requireGroup(db, groupId, actorId);
  const rows = await db
    .selectFrom('members')
    .select('user_id')
    .where('chat_id', '=', groupId)
    .where('left_at', 'is', null)
    .orderBy('user_id')
    .execute();
  return asGroup(
    chat,
    rows.map((row) => row.user_id),
  );
}

/** The user's groups, by id. Two queries, whatever their number. */
export async function listGroups(db: Db, userId: number): Promise<Group[]> {
  const chats = await db
    .selectFrom('members')
    .innerJoin('chats', 'chats.id', 'members.chat_id')
    .selectAll('chats')
    .where('members.user_id', '=', userId)
    .where('members.left_at', 'is', null)
    .where('chats.kind', '=', 'group')
    .orderBy('chats.id')
    .execute();
  if (chats.length === 0) return [];
  const rows = await db
    .selectFrom('members')
    .select(['chat_id', 'user_id'])
    .where(
      'chat_id',
      'in',
      chats.map((chat) => chat.id),
    )
    .where('left_at', 'is', null)
    .orderBy('user_id')
    .execute();
  const members = Map.groupBy(rows, (row) => row.chat_id);
  return chats.map((chat) =>
    asGroup(
      chat,
      (members.get(chat.id) ?? []).map((row) => row.user_id),
    ),
  );
}

/**
 * Adds a user; any member may. One who is in already stays so, and nothing changes.
 *
 * @throws ProblemError `chat_not_found`, `user_not_found`, `group_full`.
 */
export async function addMember(
  tx: Db,
  actorId: number,
  groupId: number,
  userId: number,
  now: Date,
): Promise<Outcome<void>> {
  const { chat } = await lockGroup(tx, groupId, actorId);
  await requireUsers(tx, [userId]);
  if (await isMember(tx, groupId, userId)) return { result: undefined, events: [] };
  requireRoom(chat);
  const version = await takeVersion(tx, groupId, { members: 1 });
  const standing = {
    role: 'member',
    joined_at: now,
    left_at: null,
    // What was said before is theirs to read, but not waiting for them.
    joined_message_id: chat.last_message_id,
    last_read_id: chat.last_message_id,
    delivered_id: chat.last_message_id,
    read_at: null,
    unread_from_id: null,
    muted: false,
    pinned: false,
    version,
  };
  const row = await tx
    .insertInto('members')
    .values({ chat_id: groupId, user_id: userId, ...standing })
    .onConflict((conflict) => conflict.columns(['chat_id', 'user_id']).doUpdateSet(standing))
    .returningAll()
    .executeTakeFirstOrThrow();
  return { result: undefined, events: [{ chatId: groupId, frame: memberFrame(row) }] };
}

/**
 * Takes a user out: oneself, or as the creator anyone else. The row stays, for those who must still hear of it.
 *
 * @throws ProblemError `chat_not_found`, `forbidden`, `creator_stays`, `member_not_found`.
 */
export async function removeMember(
  tx: Db,
  actorId: number,
  groupId: number,
  userId: number,
  now: Date,
): Promise<Outcome<void>> {
  const { chat, member } = await lockGroup(tx, groupId, actorId);
  if (userId === chat.creator_id) {
    throw new ProblemError(
      'creator_stays',
      userId === actorId
        ? `You created this group: hand it over first (PATCH /groups/${groupId} with creator_id), then leave.`
        : 'The creator of a group cannot be removed from it.',
    );
  }
  if (userId !== actorId && member.role !== 'creator') {
    throw new ProblemError('forbidden', 'Only the creator of the group may remove others.');
  }
  await requireMember(tx, groupId, userId);
  const row = await tx
    .updateTable('members')
    .set({ left_at: now, version: await takeVersion(tx, groupId, { members: -1 }) })
    .where('chat_id', '=', groupId)
    .where('user_id', '=', userId)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { result: undefined, events: [{ chatId: groupId, frame: memberFrame(row) }] };
}

async function isMember(tx: Db, groupId: number, userId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('members')
    .select('user_id')
    .where('chat_id', '=', groupId)
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

async function requireMember(tx: Db, groupId: number, userId: number): Promise<void> {
  if (await isMember(tx, groupId, userId)) return;
  throw new ProblemError('member_not_found', `User ${userId} is not in the group.`);
}

async function requireUsers(tx: Db, ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  const found = await tx.selectFrom('users').select('id').where('id', 'in', ids).execute();
  const known = new Set(found.map((row) => row.id));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) throw new ProblemError('user_not_found', `There is no user ${missing.join(', ')}.`);
}

function requireRoom(group: ChatRow): void {
  if (group.member_count >= GROUP_SIZE.max) {
    throw new ProblemError('group_full', `A group has at most ${GROUP_SIZE.max} members.`);
  }
}

function groupName(name: string): string {
  const trimmed = trimmedText(name, NAME_LENGTH, ['body', 'name']);
  if (/\p{Cc}/u.test(trimmed)) throw invalidField(['body', 'name'], 'must not hold control characters', 'characters');
  return trimmed;
}

function asGroup(chat: ChatRow, members: number[]): Group {
  return { id: chat.id, name: chat.name ?? '', creator_id: chat.creator_id ?? 0, members };
}
