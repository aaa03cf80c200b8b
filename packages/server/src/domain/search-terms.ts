import type { SearchTerm } from '@beseda/protocol/search-query.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';

/** What is looked for, as the database knows words. */
export interface AnalysedTerm extends SearchTerm {
  /** Without capitals and accents. */
  bare: string;
  /** Without marks between words too, and each character of scripts without spaces a word. */
  plain: string;
  /** The stems of its words; none where all of them are words that are not indexed, such as `the`. */
  stems: string[];
  /** The condition of full text search that its words follow each other; empty without stems. */
  sequence: string;
}

/** Stems of so many letters stand for all words that begin with them, as one may still be typing. */
const PREFIX_LEAST = 3;

/** Reads words as the index does, in one statement; in order. */
export async function analyseTerms(db: Db, terms: readonly SearchTerm[]): Promise<AnalysedTerm[]> {
  if (terms.length === 0) return [];
  const { rows } = await sql<{ bare: string; plain: string; stems: string[]; sequence: string }>`
    SELECT search_bare(term.text) AS bare, btrim(regexp_replace(plain, '\\s+', ' ', 'g')) AS plain,
      tsvector_to_array(to_tsvector('pg_catalog.russian', plain)) AS stems,
      phraseto_tsquery('pg_catalog.russian', plain)::text AS sequence
    FROM unnest(${terms.map(({ text }) => text)}::text[]) WITH ORDINALITY AS term (text, n)
    CROSS JOIN LATERAL (SELECT search_plain(term.text) AS plain) read
    ORDER BY n`.execute(db);
  return terms.flatMap((term, index) => {
    const row = rows[index];
    return row === undefined ? [] : [{ ...term, ...row }];
  });
}

/** The conditions of full text search for all of the terms; undefined: none has a word that is indexed. */
export function wordsCondition(terms: readonly AnalysedTerm[]): { found: string; exact: string } | undefined {
  const known = terms.filter(({ sequence }) => sequence !== '');
  if (known.length === 0) return undefined;
  return { found: allOf(known.map(begun)), exact: allOf(known.map(({ sequence }) => sequence)) };
}

/** A lexeme as a condition names it. */
export function lexeme(stem: string): string {
  return `'${stem.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

export function allOf(conditions: readonly string[]): string {
  return conditions.map((condition) => `( ${condition} )`).join(' & ');
}

/** That a word begins so; a phrase is as it is. */
function begun({ phrase, stems, sequence }: AnalysedTerm): string {
  const [stem] = stems;
  const isOpen = !phrase && stems.length === 1 && stem !== undefined && stem.length >= PREFIX_LEAST;
  return isOpen ? `${lexeme(stem)}:*` : sequence;
}
