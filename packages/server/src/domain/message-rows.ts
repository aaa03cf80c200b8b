import { REACTION_USERS } from '@beseda/protocol/limits.ts';
import type { Reaction } from '@beseda/protocol/messages.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import type { MessageRow } from './frames.ts';
import { ProblemError } from './problem.ts';

/** Messages with their reactions, to be narrowed by the caller: whole states, all of one moment. */
export function selectMessages(db: Db) {
  return db.selectFrom('messages').selectAll('messages').select(reactionsOf('messages').as('reactions'));
}

/**
 * The reactions of each row of `messages` that a query reads under the name `messages`, as a column of that query:
 * read by a statement of their own they could be of another moment than the version beside them, and a client that
 * holds the version would never hear of the difference. For each row it is one look into the primary key, whatever
 * the planner expects of the sizes.
 */
export function reactionsOf(messages: string) {
  return sql<Reaction[]>`
    COALESCE((
      SELECT json_agg(
        json_build_object('emoji', kind.emoji, 'count', kind.count, 'user_ids', kind.user_ids) ORDER BY kind.first
      )
      FROM (
        SELECT r.emoji, count(*) AS count, min(r.version) AS first,
          (array_agg(r.user_id ORDER BY r.version))[1:${sql.lit(REACTION_USERS.max)}] AS user_ids
        FROM reactions r
        WHERE r.chat_id = ${sql.ref(`${messages}.chat_id`)} AND r.message_id = ${sql.ref(`${messages}.id`)}
        GROUP BY r.emoji
      ) kind
    ), '[]')`;
}

/** @throws ProblemError `message_not_found`. */
export async function requireMessage(db: Db, chatId: number, messageId: number): Promise<MessageRow> {
  const row = await selectMessages(db).where('chat_id', '=', chatId).where('id', '=', messageId).executeTakeFirst();
  if (row === undefined) throw messageNotFound(chatId, messageId);
  return row;
}

export function messageNotFound(chatId: number, messageId: number): ProblemError {
  return new ProblemError('message_not_found', `There is no message ${messageId} in chat ${chatId}.`);
}
