import type { MessageFile, Upload } from '@beseda/protocol/files.ts';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../db/open.ts';
import type { Tables } from '../db/tables.ts';
import { cleanFileName } from './file-names.ts';
import { ProblemError } from './problem.ts';

export type FileRow = Selectable<Tables['files']>;

/** What there may be of files, in bytes. */
export interface FileQuotas {
  maxSize: number;
  perUser: number;
  /** Undefined: as much as the disk holds. */
  inAll: number | undefined;
}

/**
 * Makes room for a file of the user's, none of whose bytes is here yet. Two at once are counted one after the other.
 *
 * @throws ProblemError `file_too_large`, `quota_exceeded`, `storage_full`.
 */
export async function createFile(
  db: Db,
  ownerId: number,
  input: { id: string; name: string; size: number },
  quotas: FileQuotas,
  now: Date,
): Promise<FileRow> {
  const { size } = input;
  if (size > quotas.maxSize) {
    throw new ProblemError('file_too_large', `A file may have ${quotas.maxSize} bytes, and this one has ${size}.`);
  }
  return db.transaction().execute(async (tx) => {
    await tx.selectFrom('users').select('id').where('id', '=', ownerId).forUpdate().execute();
    const own = tx.selectFrom('files').where('owner_id', '=', ownerId);
    if ((await bytesOf(own)) + size > quotas.perUser) {
      throw new ProblemError('quota_exceeded', `All your files together may have ${quotas.perUser} bytes.`);
    }
    if (quotas.inAll !== undefined && (await bytesOf(tx.selectFrom('files'))) + size > quotas.inAll) {
      throw new ProblemError('storage_full', 'All that this server may keep of files is taken.', { retryAfter: 60 });
    }
    return tx
      .insertInto('files')
      .values({ id: input.id, owner_id: ownerId, name: cleanFileName(input.name), size, created_at: now })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

async function bytesOf(files: ReturnType<typeof allFiles>): Promise<number> {
  const { bytes } = await files
    .select(sql<number>`COALESCE(sum(size), 0)::bigint`.as('bytes'))
    .executeTakeFirstOrThrow();
  return bytes;
}

function allFiles(db: Db) {
  return db.selectFrom('files');
}

/**
 * A file of the user's that is in no message yet.
 *
 * @throws ProblemError `file_not_found`.
 */
export async function requireOwnFile(db: Db, userId: number, fileId: string): Promise<FileRow> {
  const row = await db
    .selectFrom('files')
    .selectAll()
    .where('id', '=', fileId)
    .where('owner_id', '=', userId)
    .where('sent_at', 'is', null)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) throw fileNotFound(fileId);
  return row;
}

/**
 * A file that the user may see now: one of their own until it is sent, and then whoever is in a chat where a message
 * has it.
 *
 * @throws ProblemError `file_not_found`, the same whether there is no such file or it is not for the user.
 */
export async function requireFile(db: Db, userId: number, fileId: string): Promise<FileRow> {
  const { rows } = await sql<FileRow>`
    SELECT f.* FROM files f
    WHERE f.id = ${fileId} AND f.removed_at IS NULL AND CASE
      WHEN f.sent_at IS NULL THEN f.owner_id = ${userId}
      ELSE EXISTS (
        SELECT 1 FROM message_files s
        WHERE s.file_id = f.id AND (
          SELECT m.left_at IS NULL FROM members m WHERE m.chat_id = s.chat_id AND m.user_id = ${userId}
        )
      )
    END`.execute(db);
  const [row] = rows;
  if (row === undefined) throw fileNotFound(fileId);
  return row;
}

/** Notes what a file is, now that it is whole; another request may have noted it just before. */
export async function noteContent(
  db: Db,
  fileId: string,
  content: Pick<FileRow, 'size' | 'type' | 'width' | 'height' | 'preview'>,
): Promise<FileRow> {
  await db.updateTable('files').set(content).where('id', '=', fileId).where('type', 'is', null).execute();
  const row = await db.selectFrom('files').selectAll().where('id', '=', fileId).executeTakeFirst();
  if (row === undefined) throw fileNotFound(fileId);
  return row;
}

/** Takes back a file that is not sent yet. */
export async function removeOwnFile(db: Db, userId: number, fileId: string, now: Date): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('files')
    .set({ removed_at: now })
    .where('id', '=', fileId)
    .where('owner_id', '=', userId)
    .where('sent_at', 'is', null)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw fileNotFound(fileId);
}

/** What is told of a file with its message; undefined until it is whole. */
export function messageFile({ id, name, size, type, width, height, preview }: FileRow): MessageFile | undefined {
  return type === null ? undefined : { id, name, size, type, width, height, preview };
}

/** @param offset how many of its bytes are here. */
export function upload(row: FileRow, offset: number): Upload {
  const file = messageFile(row) ?? null;
  return { id: row.id, name: row.name, size: row.size, offset: file === null ? offset : row.size, file };
}

export function fileNotFound(fileId: string): ProblemError {
  return new ProblemError('file_not_found', `There is no file ${fileId} for you.`);
}
