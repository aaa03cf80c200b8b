import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { foldedKey } from './text.ts';

/** Messages of one block, as the index counts them: a power of two. */
const BLOCK_BITS = 10;

/** Bits of a place that say which block of a chat; those above say which chat. */
const CHAT_SHIFT = 22n;

/** A chat of the one who asks, and the messages of it that may be found. */
export interface SearchedChat {
  chat_id: number;
  first: number;
  last: number;
}

/** The span of time, in RFC 3339, that messages may be of. */
export interface Span {
  before: string | undefined;
  after: string | undefined;
}

/** The chats of a user with the ids of their messages within a span of time; those with the latest activity first. */
export async function searchedChats(db: Db, userId: number, { before, after }: Span): Promise<SearchedChat[]> {
  const { rows } = await sql<SearchedChat>`
    SELECT own.chat_id, ${after === undefined ? sql`1` : firstSince(after)} AS first,
      ${before === undefined ? sql`c.last_message_id` : sql`${firstSince(before)} - 1`} AS last
    FROM members own JOIN chats c ON c.id = own.chat_id
    WHERE own.user_id = ${userId} AND own.left_at IS NULL
    ORDER BY (SELECT m.created_at FROM messages m WHERE m.chat_id = c.id AND m.id = c.last_message_id) DESC NULLS LAST,
      c.id DESC`.execute(db);
  return rows;
}

/** The id of the first message of the chat `c` that was sent at a moment or later: see `followingFrom` in history.ts. */
function firstSince(moment: string) {
  return sql`(
    WITH RECURSIVE search (low, high) AS (
      SELECT 1::bigint, c.last_message_id + 1
      UNION ALL
      SELECT CASE WHEN m.created_at < ${moment}::timestamptz THEN m.id + 1 ELSE s.low END,
             CASE WHEN m.created_at < ${moment}::timestamptz THEN s.high ELSE m.id END
      FROM search s JOIN messages m ON m.chat_id = c.id AND m.id = (s.low + s.high) / 2
      WHERE s.low < s.high
    )
    SELECT max(low) FROM search
  )`;
}

/** Ids of those of a user's chats that are called so: a group by its name, a personal chat by the name of the person. */
export async function chatsCalled(db: Db, userId: number, name: string): Promise<number[]> {
  const key = foldedKey(name.replace(/^@/, ''));
  const { rows } = await sql<{ id: number; names: (string | null)[] }>`
    SELECT c.id, ARRAY[c.name, peer.username_key, peer.display_name_key] AS names
    FROM members own
    JOIN chats c ON c.id = own.chat_id
    LEFT JOIN LATERAL (
      SELECT u.username_key, u.display_name_key FROM members other JOIN users u ON u.id = other.user_id
      WHERE c.kind = 'personal' AND other.chat_id = own.chat_id AND other.user_id <> own.user_id
      LIMIT 1
    ) peer ON true
    WHERE own.user_id = ${userId} AND own.left_at IS NULL`.execute(db);
  return rows.filter(({ names }) => names.some((one) => one !== null && foldedKey(one) === key)).map(({ id }) => id);
}

/** How many blocks there are in the chat that has the most, counted from its newest message that may be found. */
export function depthOf(chats: readonly SearchedChat[]): number {
  return chats.reduce((most, chat) => Math.max(most, blocksOf(chat)), 0);
}

/** The places of the index, from one depth of blocks to another, the newest of each chat being the first. */
export function placesOf(chats: readonly SearchedChat[], from: number, to: number): bigint[] {
  return chats.flatMap((chat) => {
    const depths = Array.from({ length: Math.max(0, Math.min(to, blocksOf(chat)) - from) }, (_, index) => from + index);
    return depths.map((depth) => placeOf(chat, depth));
  });
}

/** The places of the newest messages of all chats, so many messages together at most. */
export function newestPlaces(chats: readonly SearchedChat[], most: number): bigint[] {
  const places = [];
  let left = most;
  for (let depth = 0; depth < depthOf(chats); depth += 1) {
    for (const chat of chats) {
      if (depth >= blocksOf(chat)) continue;
      left -= Math.min(2 ** BLOCK_BITS, chat.last - chat.first + 1);
      if (left < 0) return places;
      places.push(placeOf(chat, depth));
    }
  }
  return places;
}

function blocksOf({ first, last }: SearchedChat): number {
  return last < first ? 0 : block(last) - block(first) + 1;
}

/** As the index has it, which takes a chat of an immense number for another: it narrows, and decides nothing. */
function placeOf({ chat_id: chatId, last }: SearchedChat, depth: number): bigint {
  return BigInt.asIntN(64, (BigInt(chatId) << CHAT_SHIFT) | BigInt(block(last) - depth));
}

function block(messageId: number): number {
  return Math.floor(messageId / 2 ** BLOCK_BITS);
}
