import type { Db } from '../db/open.ts';
import type { ChatRow, MemberRow } from './frames.ts';
import { ProblemError } from './problem.ts';

export interface Membership {
  chat: ChatRow;
  member: MemberRow;
}

/**
 * The chat and the user's place in it.
 *
 * @throws ProblemError `chat_not_found`, the same whether there is no such chat or it is not the user's.
 */
export async function requireMembership(db: Db, chatId: number, userId: number): Promise<Membership> {
  const row = await db
    .selectFrom('members as m')
    .innerJoin('chats as c', 'c.id', 'm.chat_id')
    .selectAll('m')
    .select(['c.kind', 'c.name', 'c.creator_id', 'c.last_message_id', 'c.info_version', 'c.created_at'])
    .select(['c.member_count', 'c.version as chat_version'])
    .where('m.chat_id', '=', chatId)
    .where('c.id', '=', chatId)
    .where('m.user_id', '=', userId)
    .where('m.left_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw chatNotFound(chatId);
  const { kind, name, creator_id, last_message_id, info_version, created_at, member_count, chat_version, ...member } =
    row;
  const chat = { id: chatId, kind, name, creator_id, last_message_id, info_version, created_at, member_count };
  return { chat: { ...chat, version: chat_version }, member };
}

/**
 * {@link requireMembership} after taking the chat's row lock, so that what is found stays true until the transaction
 * ends: every change of a chat, its members included, is made under this lock.
 */
export async function lockMembership(tx: Db, chatId: number, userId: number): Promise<Membership> {
  const chat = await tx.selectFrom('chats').selectAll().where('id', '=', chatId).forUpdate().executeTakeFirst();
  if (chat === undefined) throw chatNotFound(chatId);
  return requireMembership(tx, chatId, userId);
}

/** {@link lockMembership} for acts that make sense in a group alone; a personal chat is no group at all. */
export async function lockGroup(tx: Db, groupId: number, userId: number): Promise<Membership> {
  return onlyGroup(await lockMembership(tx, groupId, userId));
}

/** {@link requireMembership} for groups alone. */
export async function requireGroup(db: Db, groupId: number, userId: number): Promise<Membership> {
  return onlyGroup(await requireMembership(db, groupId, userId));
}

/**
 * The number of one more change of a chat whose row is locked ({@link lockMembership}).
 *
 * @param change by how many members it makes the chat larger.
 */
export async function takeVersion(tx: Db, chatId: number, change = { members: 0 }): Promise<number> {
  const row = await tx
    .updateTable('chats')
    .set((set) => ({
      version: set('version', '+', 1),
      member_count: set('member_count', '+', change.members),
    }))
    .where('id', '=', chatId)
    .returning('version')
    .executeTakeFirstOrThrow();
  return row.version;
}

function onlyGroup(membership: Membership): Membership {
  if (membership.chat.kind !== 'group') {
    throw new ProblemError('chat_not_found', `Chat ${membership.chat.id} is a personal chat, and no group.`);
  }
  return membership;
}

export function chatNotFound(chatId: number): ProblemError {
  return new ProblemError('chat_not_found', `There is no chat ${chatId} among yours.`);
}
