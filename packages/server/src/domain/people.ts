import type { User } from '@beseda/protocol/users.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { ProblemError } from './problem.ts';
import { foldedKey } from './text.ts';

/** @throws ProblemError `user_not_found`. */
export async function getUser(db: Db, id: number): Promise<User> {
  const user = await db
    .selectFrom('users')
    .select(['id', 'username', 'display_name'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (user === undefined) throw new ProblemError('user_not_found', `There is no user ${id}.`);
  return user;
}

/**
 * People whose username or display name begins with the query, without regard to case, by username.
 * An empty query finds nobody: nobody needs the list of everyone.
 */
export async function findPeople(db: Db, query: string, limit: number): Promise<User[]> {
  const start = foldedKey(query.trim());
  if (start === '') return [];
  // A range of keys rather than LIKE: nothing to escape, and the index on the key serves it. The last code point
  // sorts after all text, since keys compare by their UTF-8 bytes.
  const end = `${start}\u{10FFFF}`;
  const { rows } = await sql<User>`
    SELECT id, username, display_name FROM (
      (SELECT id, username, display_name, username_key FROM users
        WHERE username_key >= ${start} AND username_key < ${end} ORDER BY username_key LIMIT ${limit})
      UNION
      (SELECT id, username, display_name, username_key FROM users
        WHERE display_name_key >= ${start} AND display_name_key < ${end} ORDER BY display_name_key LIMIT ${limit})
    ) AS found
    ORDER BY username_key LIMIT ${limit}`.execute(db);
  return rows;
}
