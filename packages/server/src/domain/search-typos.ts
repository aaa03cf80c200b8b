import { allOf, lexeme, type AnalysedTerm } from './search-terms.ts';

/** A shorter stem is near to too many words. */
const SHORTEST = 4;

/** Of longer ones there would be thousands of neighbours; words of a language are shorter. */
const LONGEST = 20;

/** Words of a search that may be wrong: each has some hundred neighbours. */
const MOST_WRONG = 2;

const ALPHABETS = [
  { of: /^[a-z]+$/, letters: 'abcdefghijklmnopqrstuvwxyz' },
  { of: /^[а-яё]+$/, letters: 'абвгдежзийклмнопрстуфхцчшщъыьэюя' },
];

/** The stems that differ from one by a letter: one too many, one missing, another, or two that changed places. */
export function neighbours(stem: string): string[] {
  const letters = ALPHABETS.find(({ of }) => of.test(stem))?.letters;
  if (letters === undefined || stem.length < SHORTEST || stem.length > LONGEST) return [];
  const found = new Set<string>();
  for (let at = 0; at <= stem.length; at += 1) {
    const [head, tail] = [stem.slice(0, at), stem.slice(at)];
    for (const letter of letters) {
      found.add(head + letter + tail);
      found.add(head + letter + tail.slice(1));
    }
    found.add(head + tail.slice(1));
    found.add(head + tail.slice(1, 2) + tail.slice(0, 1) + tail.slice(2));
  }
  return [...found];
}

/**
 * The condition that words are there, the longest of which may each differ by a letter.
 *
 * @returns the terms too, with all the stems that fit; undefined where none may differ.
 */
export function typosCondition(terms: readonly AnalysedTerm[]): { found: string; terms: AnalysedTerm[] } | undefined {
  const wrong = terms
    .filter(({ phrase, stems }) => !phrase && stems.length === 1 && neighbours(stems[0] ?? '').length > 0)
    .toSorted((a, b) => b.plain.length - a.plain.length)
    .slice(0, MOST_WRONG);
  if (wrong.length === 0) return undefined;
  const taken = terms
    .filter(({ sequence }) => sequence !== '')
    .map((term) => (wrong.includes(term) ? withNeighbours(term) : term));
  return { found: allOf(taken.map(({ sequence }) => sequence)), terms: taken };
}

function withNeighbours(term: AnalysedTerm): AnalysedTerm {
  const stems = [...term.stems, ...neighbours(term.stems[0] ?? '')];
  return { ...term, stems, sequence: stems.map(lexeme).join(' | ') };
}
