import type { MemberFrame, StateFrame } from '@beseda/protocol/frames.ts';
import { CHANGES_BOUND } from '@beseda/protocol/limits.ts';
import type { MarkFrame } from '@beseda/protocol/marks.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import type { Snapshot } from '../db/snapshot.ts';
import { chatFrame, memberFrame, messageFrame, type ChatRow, type MemberRow, type MessageRow } from './frames.ts';
import { reactionsOf } from './message-rows.ts';
import { marksToTell } from './sync-marks.ts';

/** What a client lacks of one chat. */
export interface ChatSync {
  chatId: number;
  /** What the client holds once it has applied the rest. */
  version: number;
  /** Too much changed to be told; `frames` then holds the chat's own frame alone. */
  reset: boolean;
  frames: StateFrame[];
  marks: MarkFrame[];
}

export interface Sync {
  chats: ChatSync[];
  /** The user's own membership of chats that the client names and the user has left since. */
  departed: MemberFrame[];
}

/** Changes told to one client in one go, over all chats; those of further chats are too many to tell. */
const TOTAL_BOUND = 20_000;

/** The chats that the user is a member of. */
export async function chatIdsOf(db: Db, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('members')
    .select('chat_id')
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .execute();
  return rows.map((row) => row.chat_id);
}

/**
 * All that a client of the user lacks, by the versions that it holds: of each chat the present state of what changed
 * since, in version order. Of a chat that the client does not name it is the chat's own frame. Seven queries in one
 * snapshot and three round trips, whatever the number of chats.
 */
export async function syncSince(snapshot: Snapshot, userId: number, since: ReadonlyMap<number, number>): Promise<Sync> {
  return snapshot(async (db) => {
    const chats = await chatsOf(db, userId);
    const wanted = withinBounds(chats, since);
    const own = new Set(chats.map((chat) => chat.id));
    const gone = [...since.keys()].filter((id) => !own.has(id));
    const [changed, joined, marks, departed] = await Promise.all([
      changedMessages(db, wanted),
      changedMembers(db, wanted),
      marksToTell(db, userId, chats),
      departures(db, userId, gone),
    ]);
    const messages = Map.groupBy(changed, (row) => row.chat_id);
    const members = Map.groupBy(joined, (row) => row.chat_id);
    return {
      chats: chats.map((chat): ChatSync => {
        const from = since.get(chat.id);
        const told = from === undefined || wanted.has(chat.id);
        const frames = [
          ...(messages.get(chat.id) ?? []).map(messageFrame),
          ...(members.get(chat.id) ?? []).map(memberFrame),
          ...(from === undefined || !told || chat.info_version > from ? [chatFrame(chat)] : []),
        ];
        return {
          chatId: chat.id,
          version: chat.version,
          reset: !told,
          frames: frames.toSorted((a, b) => a.version - b.version),
          marks: marks.get(chat.id) ?? [],
        };
      }),
      departed,
    };
  });
}

/**
 * The chats whose changes can be told, with the version to tell from. How far a version has moved on bounds the rows
 * that changed, so no row need be counted.
 */
function withinBounds(chats: readonly ChatRow[], since: ReadonlyMap<number, number>): Map<number, number> {
  const wanted = new Map<number, number>();
  let total = 0;
  for (const chat of chats) {
    const from = since.get(chat.id);
    if (from === undefined || from > chat.version) continue;
    const behind = chat.version - from;
    if (behind > CHANGES_BOUND || total + behind > TOTAL_BOUND) continue;
    total += behind;
    wanted.set(chat.id, from);
  }
  return wanted;
}

async function chatsOf(tx: Db, userId: number): Promise<ChatRow[]> {
  return tx
    .selectFrom('members')
    .innerJoin('chats', 'chats.id', 'members.chat_id')
    .selectAll('chats')
    .where('members.user_id', '=', userId)
    .where('members.left_at', 'is', null)
    .orderBy('chats.id')
    .execute();
}

async function changedMessages(tx: Db, since: ReadonlyMap<number, number>): Promise<MessageRow[]> {
  if (since.size === 0) return [];
  const { rows } = await sql<MessageRow>`
    SELECT m.*, ${reactionsOf('m')} AS reactions
    FROM unnest(${[...since.keys()]}::bigint[], ${[...since.values()]}::bigint[]) AS u (chat_id, version)
    JOIN messages m ON m.chat_id = u.chat_id AND m.version > u.version`.execute(tx);
  return rows;
}

async function changedMembers(tx: Db, since: ReadonlyMap<number, number>): Promise<MemberRow[]> {
  if (since.size === 0) return [];
  const { rows } = await sql<MemberRow>`
    SELECT m.* FROM unnest(${[...since.keys()]}::bigint[], ${[...since.values()]}::bigint[]) AS u (chat_id, version)
    JOIN members m ON m.chat_id = u.chat_id AND m.version > u.version`.execute(tx);
  return rows;
}

async function departures(tx: Db, userId: number, chatIds: readonly number[]): Promise<MemberFrame[]> {
  if (chatIds.length === 0) return [];
  const { rows } = await sql<MemberRow>`
    SELECT m.* FROM members m
    WHERE m.chat_id = ANY (${chatIds}::bigint[]) AND m.user_id = ${userId} AND m.left_at IS NOT NULL`.execute(tx);
  return rows.map(memberFrame);
}
