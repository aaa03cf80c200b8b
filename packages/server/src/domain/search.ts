import { SEARCH_QUERY } from '@beseda/protocol/limits.ts';
import { isProblem, parseSearchQuery, type SearchQuery } from '@beseda/protocol/search-query.ts';
import { searchWays, type SearchPage, type SearchWay } from '@beseda/protocol/search.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { bigints } from '../db/pipeline.ts';
import { chatNotFound } from './membership.ts';
import { messageJson } from './message-json.ts';
import { invalidField } from './problem.ts';
import { decodeCursor, encodeCursor, type SearchCursor } from './search-cursor.ts';
import { highlightsIn } from './search-highlights.ts';
import { hitsIn, type Condition, type Hit } from './search-hits.ts';
import { chatsCalled, depthOf, newestPlaces, placesOf, searchedChats, type SearchedChat } from './search-places.ts';
import { analyseTerms, wordsCondition, type AnalysedTerm } from './search-terms.ts';
import { typosCondition } from './search-typos.ts';
import { foldedKey } from './text.ts';

export interface SearchInput {
  query: string;
  /** Of the chats of the one who asks this one alone. */
  chatId: number | undefined;
  limit: number;
  cursor: string | undefined;
}

/** Messages in which parts of words are looked for, the newest: each of them is read. */
const PARTS_AMONG = 20_000;

/** Messages that are ranked together; where more fit, fewer blocks are taken at once. */
const MOST_HITS = 1500;

/** Blocks of each chat that are looked into first, and how many times as many next. */
const FIRST_DEPTH = 1;
const GROWTH = 8;

/** What is nearly right is rare, and has hundreds of forms to be looked for: it is done once. */
const FIRST_DEPTH_OF_TYPOS = 2048;

/**
 * Messages of the user's chats that fit a query, the best first: a `SearchPage` as JSON.
 *
 * The newest blocks of all chats are looked into first, then ever more of the older ones, until a page is full. What
 * was looked into together is ranked together, so a rare word is ranked over all there is, and of a common one the older
 * messages are never read unless somebody pages there.
 *
 * @throws ProblemError `invalid_input`, `chat_not_found`.
 */
export async function searchJson(db: Db, userId: number, input: SearchInput, now: Date): Promise<string> {
  const query = readQuery(input.query);
  const begun = input.cursor === undefined ? undefined : decodeCursor(input.cursor);
  const [terms, chats, senders] = await Promise.all([
    analyseTerms(db, query.terms),
    chatsAskedOf(db, userId, query, input.chatId),
    query.from.length === 0 ? undefined : sendersCalled(db, userId, query.from),
  ]);
  const sought = { query, terms, senders };
  for (const way of begun === undefined ? searchWays : [begun.way]) {
    const looking = lookingFor(way, sought);
    if (looking === undefined) continue;
    const cursor = begun ?? { way, until: now.getTime(), from: 0, to: undefined, last: undefined };
    const { hits, next } = await pageOf(cursor, input.limit, finder(db, userId, chats, way, looking.condition, cursor));
    if (hits.length === 0 && begun === undefined) continue;
    return pageJson(way, next, await resultsJson(db, userId, hits, looking.terms, way));
  }
  return pageJson('words', undefined, []);
}

/** @throws ProblemError `invalid_input`. */
function readQuery(text: string): SearchQuery {
  const query = parseSearchQuery(text);
  if (isProblem(query)) throw invalidQuery(`${query.filter} – ${query.problem}`, 'filter');
  const { terms, from, in: chats, has, before, after } = query;
  if (terms.length + from.length + chats.length + has.length === 0 && before === undefined && after === undefined) {
    throw invalidQuery('must hold a word or a filter', 'required');
  }
  if (terms.length > SEARCH_QUERY.maxTerms) {
    throw invalidQuery(`may hold ${SEARCH_QUERY.maxTerms} words and phrases, and holds ${terms.length}`, 'length');
  }
  return query;
}

function invalidQuery(problem: string, type: string): Error {
  return invalidField(['query', 'query'], problem, type);
}

async function chatsAskedOf(
  db: Db,
  userId: number,
  query: SearchQuery,
  chatId: number | undefined,
): Promise<SearchedChat[]> {
  const [chats, called] = await Promise.all([
    searchedChats(db, userId, query),
    Promise.all(
      query.in.map(async (name) => {
        const ids = await chatsCalled(db, userId, name);
        if (ids.length === 0) throw invalidQuery(`in:${name} – none of your chats is called so`, 'filter');
        return ids;
      }),
    ),
  ]);
  if (chatId !== undefined && !chats.some((chat) => chat.chat_id === chatId)) throw chatNotFound(chatId);
  const named = called.flat();
  return chats.filter(
    (chat) => (chatId === undefined || chat.chat_id === chatId) && (named.length === 0 || named.includes(chat.chat_id)),
  );
}

/** Ids of all who have one of these usernames or display names. */
async function sendersCalled(db: Db, userId: number, names: readonly string[]): Promise<number[]> {
  const keys = names.map((name) => foldedKey(name.replace(/^@/, '')));
  const { rows } = await sql<{ id: number; key: string }>`
    SELECT id, username_key AS key FROM users WHERE username_key = ANY (${keys}::text[])
    UNION ALL
    SELECT id, display_name_key FROM users WHERE display_name_key = ANY (${keys}::text[])`.execute(db);
  return keys.flatMap((key, index) => {
    const called = key === 'me' ? [userId] : rows.filter((row) => row.key === key).map(({ id }) => id);
    if (called.length === 0) {
      throw invalidQuery(`from:${names[index]} – nobody is called so; from:me is you`, 'filter');
    }
    return called;
  });
}

interface Sought {
  query: SearchQuery;
  terms: AnalysedTerm[];
  senders: number[] | undefined;
}

/** What is looked for in one of the ways; undefined: there is no such way for this query. */
function lookingFor(
  way: SearchWay,
  { query, terms, senders }: Sought,
): { condition: Condition; terms: AnalysedTerm[] } | undefined {
  const phrases = terms.filter(({ phrase }) => phrase).map(({ plain }) => plain);
  const filters = { senders, link: query.has.includes('link'), before: query.before, after: query.after };
  switch (way) {
    case 'words': {
      const words = wordsCondition(terms);
      // Where none of the words is indexed, they are found as parts.
      if (words === undefined && terms.length > 0) return undefined;
      return { condition: { ...filters, words, parts: [], phrases }, terms };
    }
    case 'parts': {
      if (terms.length === 0) return undefined;
      const parts = terms.map(({ bare }) => bare);
      return { condition: { ...filters, words: undefined, parts, phrases: [] }, terms };
    }
    case 'typos': {
      const near = typosCondition(terms);
      if (near === undefined) return undefined;
      const words = { found: near.found, exact: undefined };
      return { condition: { ...filters, words, parts: [], phrases }, terms: near.terms };
    }
  }
}

/** What there is to look into in one of the ways. */
interface Finder {
  depth: number;
  find: (from: number, to: number) => Promise<Hit[]>;
}

function finder(
  db: Db,
  userId: number,
  chats: readonly SearchedChat[],
  way: SearchWay,
  condition: Condition,
  cursor: SearchCursor,
): Finder {
  const extent = { until: new Date(cursor.until), limit: MOST_HITS + 1 };
  const hits = async (places: bigint[]): Promise<Hit[]> =>
    places.length === 0 ? [] : hitsIn(db, userId, places, condition, extent);
  if (way === 'parts') return { depth: 1, find: async () => hits(newestPlaces(chats, PARTS_AMONG)) };
  return { depth: depthOf(chats), find: async (from, to) => hits(placesOf(chats, from, to)) };
}

/** The best of what was not told yet, and where it goes on. */
async function pageOf(
  cursor: SearchCursor,
  limit: number,
  { depth, find }: Finder,
): Promise<{ hits: Hit[]; next: SearchCursor | undefined }> {
  const { way, from, last } = cursor;
  const first = way === 'typos' ? FIRST_DEPTH_OF_TYPOS : FIRST_DEPTH;
  let { to } = cursor;
  const found: Hit[] = [];
  if (to === undefined) {
    to = from;
    for (let step = Math.max(first, from * (GROWTH - 1)); to < depth && found.length <= limit;) {
      const end = Math.min(depth, to + step);
      const some = await find(to, end);
      if (some.length > MOST_HITS && end - to > 1) {
        step = Math.max(1, Math.floor((end - to) / GROWTH));
        continue;
      }
      found.push(...some);
      to = end;
      step *= GROWTH;
    }
  } else {
    found.push(...(await find(from, to)));
  }
  const ranked = found.toSorted(order).filter((hit) => last === undefined || order(last, hit) < 0);
  const hits = ranked.slice(0, limit);
  if (ranked.length > limit) return { hits, next: { ...cursor, to, last: hits.at(-1) } };
  return { hits, next: to < depth ? { ...cursor, from: to, to: undefined, last: undefined } : undefined };
}

/** The best first; of two alike the newer one. */
function order(a: Hit, b: Hit): number {
  return b.score - a.score || b.chat_id - a.chat_id || b.id - a.id;
}

/** What is told of each message, as JSON; those that are gone meanwhile, or no longer the user's to read, are left out. */
async function resultsJson(
  db: Db,
  userId: number,
  hits: readonly Hit[],
  terms: readonly AnalysedTerm[],
  way: SearchWay,
): Promise<string[]> {
  if (hits.length === 0) return [];
  const { rows } = await sql<{ json: string; text: string }>`
    SELECT ${messageJson}::text AS json, m.text
    FROM unnest(${bigints(hits.map((hit) => hit.chat_id))}::bigint[], ${bigints(hits.map((hit) => hit.id))}::bigint[])
      WITH ORDINALITY AS u (chat_id, id, n)
    JOIN messages m ON m.chat_id = u.chat_id AND m.id = u.id
    WHERE m.deleted_at IS NULL
      AND (SELECT true FROM members own WHERE own.chat_id = u.chat_id AND own.user_id = ${userId} AND own.left_at IS NULL)
    ORDER BY u.n`.execute(db);
  return rows.map(
    ({ json, text }) =>
      `{"message":${json},"highlights":${JSON.stringify(highlightsIn(text, terms, way === 'parts'))}}`,
  );
}

function pageJson(way: SearchPage['way'], next: SearchCursor | undefined, results: readonly string[]): string {
  const cursor = JSON.stringify(next === undefined ? null : encodeCursor(next));
  return `{"results":[${results.join(',')}],"way":"${way}","next":${cursor}}`;
}
