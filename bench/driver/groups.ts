import type { Client } from 'pg';

/**
 * Makes groups straight in the database, as the server makes them: through it, thousands with dozens of members would
 * take longer than what is measured. The server must not know any of the people's chats yet.
 *
 * @param lists the members of each group by user id, the creator first.
 * @returns the ids of the chats, in the same order.
 */
export async function insertGroups(database: Client, lists: readonly (readonly number[])[]): Promise<number[]> {
  const { rows } = await database.query<{ id: string }>({ text: TAKE_IDS, values: [lists.length] });
  const ids = rows.map(({ id }) => Number(id));
  await database.query({
    text: INSERT_CHATS,
    values: [ids, lists.map(([creator]) => creator), lists.map((members) => members.length)],
  });
  await database.query({
    text: INSERT_MEMBERS,
    values: [
      lists.flatMap((members, index) => members.map(() => ids[index])),
      lists.flat(),
      lists.flatMap((members) => members.map((_, place) => place)),
    ],
  });
  // As autovacuum would have done had they come one by one.
  await database.query('VACUUM (ANALYZE) users, sessions, chats, members');
  return ids;
}

const TAKE_IDS = `SELECT nextval(pg_get_serial_sequence('chats', 'id')) AS id FROM generate_series(1, $1)`;

/** The chat itself is its first change, each member the next. */
const INSERT_CHATS = `
  INSERT INTO chats (id, kind, name, creator_id, last_message_id, version, info_version, created_at, member_count)
  SELECT id, 'group', 'Group ' || id, creator_id, 0, 1 + size, 1, now(), size
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS one (id, creator_id, size)`;

const INSERT_MEMBERS = `
  INSERT INTO members (chat_id, user_id, role, joined_at, joined_message_id, last_read_id, version)
  SELECT chat_id, user_id, CASE place WHEN 0 THEN 'creator' ELSE 'member' END, now(), 0, 0, 2 + place
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS one (chat_id, user_id, place)`;
