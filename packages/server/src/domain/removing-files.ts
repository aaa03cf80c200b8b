import { sql } from 'kysely';
import type { Db } from '../db/open.ts';

/** How long a file may wait to be sent, in seconds. */
const UNSENT_LIFE_S = 86_400;

/** Files that are collected at one time: so many a pass are more than come to be removed. */
const AT_ONCE = 100;

/** Takes the files of a message from its chat; those that no other message has are removed ({@link removableFiles}). */
export async function dropMessageFiles(tx: Db, chatId: number, messageId: number, now: Date): Promise<void> {
  const dropped = await tx
    .deleteFrom('message_files')
    .where('chat_id', '=', chatId)
    .where('message_id', '=', messageId)
    .returning('file_id')
    .execute();
  const ids = dropped.map((row) => row.file_id).toSorted();
  if (ids.length === 0) return;
  // Who gives one of them to another message holds it too: one of the two sees what the other has done.
  await tx.selectFrom('files').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
  await sql`
    UPDATE files f SET removed_at = ${now}
    WHERE f.id = ANY (${ids}::uuid[]) AND NOT EXISTS (SELECT 1 FROM message_files s WHERE s.file_id = f.id)`.execute(
    tx,
  );
}

/** Files whose bytes are to go: those that were removed, and those that nobody has sent for a day. */
export async function removableFiles(db: Db, now: Date): Promise<string[]> {
  await sql`
    UPDATE files SET removed_at = ${now}
    WHERE sent_at IS NULL AND removed_at IS NULL
      AND created_at < ${new Date(now.getTime() - UNSENT_LIFE_S * 1000)}`.execute(db);
  const rows = await db
    .selectFrom('files')
    .select('id')
    .where('removed_at', 'is not', null)
    .orderBy('removed_at')
    .limit(AT_ONCE)
    .execute();
  return rows.map((row) => row.id);
}

/** Forgets a file whose bytes are gone. */
export async function forgetFile(db: Db, fileId: string): Promise<void> {
  await db.deleteFrom('files').where('id', '=', fileId).where('removed_at', 'is not', null).execute();
}
