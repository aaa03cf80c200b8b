import { REACTION_USERS } from '@beseda/protocol/limits.ts';
import { sql, type RawBuilder } from 'kysely';

/** The ids of messages that a statement reads, both included, as expressions of it. */
export interface IdRange {
  first: RawBuilder<number>;
  last: RawBuilder<number>;
}

/**
 * Messages of one chat as JSON text, an array, the newest first: what `message` (frames.ts) makes of their rows, made
 * by PostgreSQL, so that a page passes through the server as it is. As rows, and by three statements, a request for a
 * page of 50 costs 1.3 ms of CPU, PostgreSQL's included, and 1.0 ms as JSON by one.
 *
 * A scalar subquery, for statements that have the `furthestOfChat` (furthest-marks.ts) under the name `furthest`.
 */
export function messagesJson(chatId: number, { first, last }: IdRange): RawBuilder<string> {
  const chat = sql`${chatId}`;
  const within = (id: string) => sql`${sql.ref(id)} >= ${first} AND ${sql.ref(id)} <= ${last}`;
  return sql`(
    WITH kinds AS MATERIALIZED (${reactionsJson(chat, within('r.message_id'))})
    SELECT COALESCE('[' || string_agg(row_to_json(message)::text, ',') || ']', '[]')
    FROM (
      SELECT ${messageColumns(sql`COALESCE(kinds.reactions, '[]')`)},
        m.id <= COALESCE(
          CASE WHEN m.sender_id = furthest.first_user THEN furthest.second_mark ELSE furthest.first_mark END, 0
        ) AS is_read
      FROM messages m LEFT JOIN kinds ON kinds.message_id = m.id
      WHERE m.chat_id = ${chat} AND ${within('m.id')}
      ORDER BY m.id DESC
    ) message
  )`;
}

/**
 * The message `m` of a statement as JSON, alike. For few messages of many chats: their reactions are looked for one by
 * one, and most have none.
 */
export const messageJson = sql<string>`(
  SELECT row_to_json(message)
  FROM (
    SELECT ${messageColumns(sql`
        COALESCE(
          CASE WHEN (SELECT true FROM reactions r WHERE r.chat_id = m.chat_id AND r.message_id = m.id LIMIT 1)
          THEN (SELECT reactions FROM (${reactionsJson(sql`m.chat_id`, sql`r.message_id = m.id`)}) kinds) END,
          '[]'
        )`)},
      EXISTS (
        SELECT 1 FROM members r
        WHERE r.chat_id = m.chat_id AND r.user_id <> m.sender_id AND r.last_read_id >= m.id
          AND r.last_read_id > r.joined_message_id
      ) AS is_read
  ) message
)`;

/** What the protocol tells of the message `m`, in its order, but for whether it is read, which is last. */
function messageColumns(reactions: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    m.id, m.chat_id, m.version, m.sender_id, m.client_id, m.text, ${moment('m.created_at')} AS created_at,
    CASE WHEN m.reply_to IS NOT NULL THEN (
      SELECT row_to_json(quoted) FROM (SELECT m.reply_to AS id, m.reply_to_sender_id AS sender_id) quoted
    ) END AS reply_to,
    ${reactions}::json AS reactions,
    COALESCE(m.files, '[]') AS files,
    ${moment('m.edited_at')} AS edited_at, ${moment('m.deleted_at')} AS deleted_at,
    ${moment('m.pinned_at')} AS pinned_at,
    CASE WHEN m.forwarded_sender_id IS NOT NULL THEN (
      SELECT row_to_json(origin)
      FROM (SELECT m.forwarded_sender_id AS sender_id, ${moment('m.forwarded_created_at')} AS created_at) origin
    ) END AS forwarded_from`;
}

/**
 * The reactions of messages that have any, of which most have none: one range of an index for all of a page, to be read
 * once, whatever the planner expects of the sizes.
 */
function reactionsJson(chat: RawBuilder<unknown>, which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    SELECT kind.message_id, '[' || string_agg(row_to_json(told)::text, ',' ORDER BY kind.first) || ']' AS reactions
    FROM (
      SELECT r.message_id, r.emoji, count(*) AS count, min(r.version) AS first,
        (array_agg(r.user_id ORDER BY r.version))[1:${sql.lit(REACTION_USERS.max)}] AS user_ids
      FROM reactions r
      WHERE r.chat_id = ${chat} AND ${which}
      GROUP BY r.message_id, r.emoji
    ) kind
    CROSS JOIN LATERAL (SELECT kind.emoji, kind.count, kind.user_ids) told
    GROUP BY kind.message_id`;
}

/** A moment as `toISOString` writes it; the ends of time, which nobody writes here, as db/open.ts reads them. */
export function moment(column: string): RawBuilder<string | null> {
  const time = sql.ref(column);
  return sql`COALESCE(
    to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    CASE ${time} WHEN 'infinity' THEN '9999-12-31T23:59:59.999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00.000Z' END
  )`;
}
