import { PRESENCE_TOLD } from '@beseda/protocol/presence.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';

/** Who is in a chat, at a version of it. */
export interface MemberList {
  chatId: number;
  kind: 'personal' | 'group';
  version: number;
  userIds: number[];
}

/** Who is in each of the chats, in one statement. */
export async function memberListsOf(db: Db, chatIds: readonly number[]): Promise<MemberList[]> {
  const { rows } = await sql<{ id: number; kind: string; version: number; user_ids: number[] }>`
    SELECT c.id, c.kind, c.version, json_agg(m.user_id) AS user_ids
    FROM chats c
    JOIN members m ON m.chat_id = c.id
    WHERE c.id = ANY (${chatIds}::bigint[]) AND m.chat_id = ANY (${chatIds}::bigint[]) AND m.left_at IS NULL
    GROUP BY c.id, c.kind, c.version`.execute(db);
  return rows.map((row) => ({
    chatId: row.id,
    kind: row.kind === 'personal' ? 'personal' : 'group',
    version: row.version,
    userIds: row.user_ids,
  }));
}

/** Whether two users share a chat in which members may see who of them is online. */
export async function shareSmallChat(db: Db, one: number, other: number): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM members a
    JOIN members b ON b.chat_id = a.chat_id
    JOIN chats c ON c.id = a.chat_id
    WHERE a.user_id = ${one} AND a.left_at IS NULL AND b.user_id = ${other} AND b.left_at IS NULL
      AND c.member_count <= ${PRESENCE_TOLD.maxMembers}
    LIMIT 1`.execute(db);
  return rows.length > 0;
}
