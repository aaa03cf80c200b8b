import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../db/open.ts';
import type { Span } from './search-places.ts';

/** What a message must be to be found, besides where it stands. */
export interface Condition extends Span {
  /**
   * Conditions of full text search: all that are found, and those of them that hold the very words; undefined where all
   * are alike.
   */
  words: { found: string; exact: string | undefined } | undefined;
  /** Texts that must stand in it as they are (as `search_bare` writes them), also within words. */
  parts: readonly string[];
  /** Phrases of whole words that must stand in it as they are. */
  phrases: readonly string[];
  senders: readonly number[] | undefined;
  link: boolean;
}

/** A message that was found, and how good it is: above 0, the more the better. */
export interface Hit {
  chat_id: number;
  id: number;
  score: number;
}

/** A message loses half of its weight in so many days, and never more than this share of it. */
const HALVED_AFTER_DAYS = 30;
const KEPT_SHARE = 0.3;

const vector = sql`to_tsvector('pg_catalog.russian', search_plain(m.text))`;

/**
 * The messages of some places that the user may read and that fit, in no order.
 *
 * The place is asked of by an expression that only the index of searching has: else the planner reads whole chats by
 * their key, which it takes to be small.
 *
 * @param until nothing that was sent later is found, and ages are counted from then.
 */
export async function hitsIn(
  db: Db,
  userId: number,
  places: readonly bigint[],
  condition: Condition,
  { until, limit }: { until: Date; limit: number },
): Promise<Hit[]> {
  const { words } = condition;
  const relevance =
    words?.exact === undefined
      ? sql`1`
      : sql`(
          SELECT CASE WHEN read.words @@ ${words.exact}::tsquery THEN 1 ELSE 0.4 END
            + ts_rank(read.words, ${words.found}::tsquery, 1)
          FROM (SELECT ${vector} AS words OFFSET 0) read
        )`;
  const { rows } = await sql<Hit>`
    SELECT m.chat_id, m.id,
      ${relevance} * (
        ${sql.lit(KEPT_SHARE)} + ${sql.lit(1 - KEPT_SHARE)} / (
          1 + GREATEST(0, extract(epoch FROM ${until}::timestamptz - m.created_at)) / ${sql.lit(HALVED_AFTER_DAYS * 86_400)}
        )
      )::float8 AS score
    FROM messages m
    WHERE m.deleted_at IS NULL
      AND ARRAY[(m.chat_id << 22) | (m.id >> 10), -m.sender_id] && ${`{${places.join(',')}}`}::bigint[]
      AND m.created_at <= ${until}
      AND (SELECT true FROM members own WHERE own.chat_id = m.chat_id AND own.user_id = ${userId} AND own.left_at IS NULL)
      ${sql.join(conditionsOf(condition), sql` `)}
    LIMIT ${limit}`.execute(db);
  return rows;
}

function conditionsOf({ words, parts, phrases, senders, link, before, after }: Condition): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (words !== undefined) conditions.push(sql`AND ${vector} @@ ${words.found}::tsquery`);
  if (senders !== undefined) {
    // The index has senders beside places, as negative numbers.
    const own = sql`${`{${senders.map((id) => -id).join(',')}}`}::bigint[]`;
    conditions.push(sql`AND ARRAY[(m.chat_id << 22) | (m.id >> 10), -m.sender_id] && ${own}`);
  }
  if (parts.length > 0)
    conditions.push(sql`AND search_bare(m.text) LIKE ALL (${parts.map((part) => `%${literal(part)}%`)}::text[])`);
  if (phrases.length > 0) {
    const text = sql`regexp_replace(' ' || search_plain(m.text) || ' ', '[^[:alnum:]]+', ' ', 'g')`;
    const patterns = phrases.map((phrase) => `% ${literal(phrase.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim())} %`);
    conditions.push(sql`AND ${text} LIKE ALL (${patterns}::text[])`);
  }
  // The index narrows it to texts with such a word.
  if (link) conditions.push(sql`AND ${vector} @@ 'http:*'::tsquery AND m.text ~* '\\mhttps?://\\S'`);
  if (before !== undefined) conditions.push(sql`AND m.created_at < ${before}::timestamptz`);
  if (after !== undefined) conditions.push(sql`AND m.created_at >= ${after}::timestamptz`);
  return conditions;
}

/** A text as it stands, for LIKE. */
function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
