import type { MessageFile } from '@beseda/protocol/files.ts';
import { bigints, type Steps } from '../db/pipeline.ts';
import { fileNotFound, messageFile, type FileRow } from './files.ts';
import type { MessageRow } from './frames.ts';
import { ProblemError } from './problem.ts';
import type { Draft } from './send-messages.ts';

/** The files that messages of one batch want to have. */
export interface FilesToSend {
  /** What is told of the files of a message, which nobody else can send as their own from now on; or the reason against it. */
  take(draft: FilesDraft): MessageFile[] | null | ProblemError;
}

/** What of a draft decides over its files: who forwards a message gives on what others have sent. */
type FilesDraft = Pick<Draft, 'senderId' | 'files' | 'forwardedFrom'>;

/**
 * Looks up, and holds until the end of the transaction, what drafts want to send. Where none has files, nothing is asked.
 */
export async function lookUpFiles(steps: Steps, drafts: readonly FilesDraft[]): Promise<FilesToSend> {
  const wanted = drafts.flatMap(({ files }) => files ?? []);
  const rows =
    wanted.length === 0
      ? []
      : await steps.run<FileRow>(
          `SELECT f.* FROM files f
          WHERE f.id = ANY ($1::uuid[]) AND f.removed_at IS NULL
          ORDER BY f.id FOR UPDATE`,
          [wanted],
        );
  const there = new Map(rows.map((row) => [row.id, row]));
  const taken = new Set<string>();
  return {
    take({ senderId, files: given = [], forwardedFrom }) {
      const ids = new Set(given.map((id) => id.toLowerCase()));
      if (ids.size === 0) return null;
      const told: MessageFile[] = [];
      for (const id of ids) {
        const row = there.get(id);
        const own = row?.owner_id === senderId && row.sent_at === null && !taken.has(id);
        if (row === undefined || !(own || forwardedFrom !== undefined)) return fileNotFound(id);
        const file = messageFile(row);
        if (file === undefined) return new ProblemError('file_unfinished', `The file ${id} is not whole yet.`);
        told.push(file);
      }
      for (const id of ids) taken.add(id);
      return told;
    },
  };
}

/** Gives the messages that were stored just now their files, which are the chats' from then on. */
export function attachFiles(steps: Steps, rows: readonly MessageRow[], now: Date): void {
  const having = rows.filter(({ files }) => files !== null);
  if (having.length === 0) return;
  steps.begin(
    `UPDATE messages m SET files = u.files::json
    FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS u (chat_id, id, files)
    WHERE m.chat_id = u.chat_id AND m.id = u.id`,
    [
      bigints(having.map((row) => row.chat_id)),
      bigints(having.map((row) => row.id)),
      having.map((row) => JSON.stringify(row.files)),
    ],
  );
  const sent = having.flatMap((row) =>
    (row.files ?? []).map((file) => ({ chatId: row.chat_id, messageId: row.id, fileId: file.id })),
  );
  steps.begin(
    `WITH sent AS (
      UPDATE files f SET sent_at = $4 FROM unnest($3::uuid[]) AS u (id) WHERE f.id = u.id AND f.sent_at IS NULL
    )
    INSERT INTO message_files (chat_id, message_id, file_id)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[])`,
    [
      bigints(sent.map(({ chatId }) => chatId)),
      bigints(sent.map(({ messageId }) => messageId)),
      sent.map(({ fileId }) => fileId),
      now,
    ],
  );
}
