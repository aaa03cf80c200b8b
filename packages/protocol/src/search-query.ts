/** What a search asks for, as people write it: words, "quoted phrases" and filters such as `from:anna`. */
export interface SearchQuery {
  /** What a message must hold, all of it; a phrase stands as one, and only as it is written. */
  terms: SearchTerm[];
  /** Names of people: any of them wrote it. `me` is the one who asks. */
  from: string[];
  /** Names of chats, or of the people of personal chats: it is in any of them. */
  in: string[];
  /** What it must have, all of it. */
  has: SearchedThing[];
  /** It was sent before this moment. */
  before: string | undefined;
  /** It was sent at this moment or later. */
  after: string | undefined;
}

export interface SearchTerm {
  text: string;
  phrase: boolean;
}

/** What `has:` can name. */
export const searchedThings = ['link'] as const;
export type SearchedThing = (typeof searchedThings)[number];

/** A filter that means nothing: which, why, and what to write instead. */
export interface QueryProblem {
  filter: string;
  problem: string;
}

/** Each filter by its name: puts its value into the query, or says what is wrong with that. */
const filters: Record<string, (query: SearchQuery, value: string) => string | undefined> = {
  from: (query, value) => add(query.from, value),
  in: (query, value) => add(query.in, value),
  has(query, value) {
    const thing = searchedThings.find((name) => name === value.toLowerCase());
    return thing === undefined ? `knows ${searchedThings.join(', ')}` : add(query.has, thing);
  },
  before: (query, value) => setMoment(query, 'before', value),
  after: (query, value) => setMoment(query, 'after', value),
};

/** The names of the filters, as they are written before the colon. */
export const filterNames: readonly string[] = Object.keys(filters);

/** A quoted text, a filter whose value may be quoted, or what stands between spaces. An open quote goes to the end. */
const PART =
  /(?<filter>[a-zA-Z]+):(?:["“](?<quotedValue>[^"”]*)["”]?|(?<value>\S*))|["“](?<phrase>[^"”]*)["”]?|(?<word>[^\s"“”]+)/gu;

/**
 * Reads a query. What looks like a filter and is none (`note:`, `https://…`) is words.
 *
 * @param midnight the moment at which a day such as `2026-11-22` begins; by default in UTC.
 */
export function parseSearchQuery(
  text: string,
  midnight: (day: string) => string = (day) => `${day}T00:00:00.000Z`,
): SearchQuery | QueryProblem {
  const query: SearchQuery = { terms: [], from: [], in: [], has: [], before: undefined, after: undefined };
  for (const { 0: whole, groups = {} } of text.matchAll(PART)) {
    const { filter, quotedValue, value, phrase, word } = groups;
    const take = filter === undefined ? undefined : filters[filter.toLowerCase()];
    if (take === undefined) {
      const held = phrase ?? word ?? whole;
      if (held.trim() !== '') query.terms.push({ text: held.trim(), phrase: phrase !== undefined });
      continue;
    }
    const given = (quotedValue ?? value ?? '').trim();
    const moment = DAY.test(given) && isMoment(`${given}T00:00:00Z`) ? midnight(given) : given;
    const problem = given === '' ? 'needs a value right after the colon' : take(query, moment);
    if (problem !== undefined) return { filter: whole, problem };
  }
  return query;
}

export function isProblem(parsed: SearchQuery | QueryProblem): parsed is QueryProblem {
  return 'problem' in parsed;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** RFC 3339 with a zone. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

function add<T>(list: T[], value: T): undefined {
  if (!list.includes(value)) list.push(value);
}

function setMoment(query: SearchQuery, which: 'before' | 'after', value: string): string | undefined {
  if (!MOMENT.test(value) || !isMoment(value)) {
    return 'takes a day such as 2026-11-22, or a moment with its zone such as 2026-11-22T10:15:00+03:00';
  }
  if (query[which] !== undefined) return 'may be given once';
  query[which] = value;
  return undefined;
}

/** `Date` takes the 31st of a shorter month for a day of the next one: that is no day that was meant. */
function isMoment(value: string): boolean {
  const day = value.slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(value)) && !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
  );
}
