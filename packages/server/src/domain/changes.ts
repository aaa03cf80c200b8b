import type { Changes } from '@beseda/protocol/chats.ts';
import type { StateFrame } from '@beseda/protocol/frames.ts';
import { CHANGES_BOUND } from '@beseda/protocol/limits.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import type { Snapshot } from '../db/snapshot.ts';
import { chatFrame, memberFrame, messageFrame } from './frames.ts';
import { requireMembership } from './membership.ts';
import { selectMessages } from './message-rows.ts';

/**
 * The present state of all in a chat that changed after version `since`, in version order; any age of `since` works,
 * as it is found from the rows and not from a log. Past `CHANGES_BOUND` changes it only says `reset`.
 *
 * @throws ProblemError `chat_not_found`.
 */
export async function changesSince(
  snapshot: Snapshot,
  userId: number,
  chatId: number,
  since: number,
): Promise<Changes> {
  return snapshot(async (tx) => {
    const { chat } = await requireMembership(tx, chatId, userId);
    const changes = since > chat.version ? undefined : await changedRows(tx, chatId, since, CHANGES_BOUND);
    return { chat_id: chatId, version: chat.version, reset: changes === undefined, changes: changes ?? [] };
  });
}

/**
 * What a node that missed events of a chat has to tell: the present state of all that changed after `since`, in
 * version order, and the version that this brings it to. Undefined where it is more than `CHANGES_BOUND`.
 */
export async function catchUp(
  snapshot: Snapshot,
  chatId: number,
  since: number,
): Promise<{ version: number; frames: StateFrame[] | undefined }> {
  return snapshot(async (tx) => {
    const [chat, frames] = await Promise.all([
      tx.selectFrom('chats').select('version').where('id', '=', chatId).executeTakeFirst(),
      changedRows(tx, chatId, since, CHANGES_BOUND),
    ]);
    return { version: chat?.version ?? since, frames };
  });
}

/** The versions that chats have at present; those that are gone are left out. */
export async function versionsOf(db: Db, chatIds: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; version: number }>`
    SELECT id, version FROM chats WHERE id = ANY (${chatIds}::bigint[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.version]));
}

/** The chats that users came into, or came into again, since a moment. */
export async function membershipsSince(
  db: Db,
  userIds: readonly number[],
  since: Date,
): Promise<{ userId: number; chatId: number }[]> {
  const { rows } = await sql<{ user_id: number; chat_id: number }>`
    SELECT user_id, chat_id FROM members
    WHERE user_id = ANY (${userIds}::bigint[]) AND left_at IS NULL AND joined_at > ${since}`.execute(db);
  return rows.map((row) => ({ userId: row.user_id, chatId: row.chat_id }));
}

/** Undefined where there are more than `bound`. */
async function changedRows(tx: Db, chatId: number, since: number, bound: number): Promise<StateFrame[] | undefined> {
  const [messages, members, chats] = await Promise.all([
    selectMessages(tx)
      .where('chat_id', '=', chatId)
      .where('version', '>', since)
      .orderBy('version')
      .limit(bound + 1)
      .execute(),
    tx
      .selectFrom('members')
      .selectAll()
      .where('chat_id', '=', chatId)
      .where('version', '>', since)
      .orderBy('version')
      .limit(bound + 1)
      .execute(),
    tx.selectFrom('chats').selectAll().where('id', '=', chatId).where('info_version', '>', since).execute(),
  ]);
  const frames = [...messages.map(messageFrame), ...members.map(memberFrame), ...chats.map(chatFrame)];
  return frames.length > bound ? undefined : frames.toSorted((a, b) => a.version - b.version);
}
