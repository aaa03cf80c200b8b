import { searchWays, type SearchWay } from '@beseda/protocol/search.ts';
import { invalidField } from './problem.ts';
import type { Hit } from './search-hits.ts';

/** Where a search goes on. Made by the server; one that somebody else made finds nothing that they may not read. */
export interface SearchCursor {
  way: SearchWay;
  /** The moment of the first page, in milliseconds since 1970: ages are counted from then on all pages. */
  until: number;
  /** The depths of blocks that are ranked together. */
  from: number;
  /** Undefined: as many as it takes. */
  to: number | undefined;
  /** The last that was told of these; undefined: none yet. */
  last: Hit | undefined;
}

export function encodeCursor({ way, until, from, to, last }: SearchCursor): string {
  const parts = [
    searchWays.indexOf(way),
    until,
    from,
    to ?? '',
    last?.score ?? '',
    last?.chat_id ?? '',
    last?.id ?? '',
  ];
  return Buffer.from(parts.join(' ')).toString('base64url');
}

/** @throws ProblemError `invalid_input`. */
export function decodeCursor(text: string): SearchCursor {
  const parts = Buffer.from(text, 'base64url').toString('latin1').split(' ');
  const [kind, until, from, to, score, chatId, id] = parts.map((part) => (part === '' ? undefined : Number(part)));
  const way = searchWays[kind ?? -1];
  const counts = [until, from, to ?? 0, chatId ?? 1, id ?? 1];
  if (parts.length !== 7 || way === undefined || until === undefined || from === undefined || !counts.every(isCount)) {
    throw unknownCursor();
  }
  if (until > LAST_MOMENT || (to !== undefined && to <= from)) throw unknownCursor();
  if (score === undefined || chatId === undefined || id === undefined) return { way, until, from, to, last: undefined };
  if (!Number.isFinite(score)) throw unknownCursor();
  return { way, until, from, to, last: { score, chat_id: chatId, id } };
}

/** The end of the year 9999, in milliseconds since 1970. */
const LAST_MOMENT = 253_402_300_799_999;

function isCount(number: number | undefined): boolean {
  return Number.isSafeInteger(number) && Number(number) >= 0;
}

function unknownCursor(): Error {
  return invalidField(['query', 'cursor'], 'must be the `next` of a page of this search', 'cursor');
}
