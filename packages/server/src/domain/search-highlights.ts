import type { Highlight } from '@beseda/protocol/search.ts';
import type { AnalysedTerm } from './search-terms.ts';

/** A text as it is compared, and of each of its characters which of the text (counted in code points) it comes from. */
interface Folded {
  text: string;
  from: number[];
}

/**
 * Where a text holds what was looked for: words that begin with one of the stems, and phrases as they stand.
 *
 * @param within whether terms are looked for within words too.
 */
export function highlightsIn(text: string, terms: readonly AnalysedTerm[], within: boolean): Highlight[] {
  const folded = fold(text);
  const found = terms.flatMap((term) => {
    const whole =
      within || term.phrase || WITHOUT_SPACES.test(term.text) ? occurrences(folded, fold(term.text).text) : [];
    return whole.length > 0 ? whole : words(folded, term);
  });
  return merged(found);
}

/** Scripts in which a word is a phrase of characters. */
const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

function words(folded: Folded, { stems }: AnalysedTerm): Highlight[] {
  const beginnings = stems.map((stem) => fold(stem).text);
  return [...folded.text.matchAll(/[\p{L}\p{N}]+/gu)]
    .filter(([word]) => beginnings.some((beginning) => begins(word, beginning)))
    .map(({ 0: word, index }) => rangeOf(folded, index, index + word.length));
}

/** English stems have an `i` where the word may have a `y`. */
function begins(word: string, stem: string): boolean {
  return word.startsWith(stem) || (stem.endsWith('i') && word.startsWith(`${stem.slice(0, -1)}y`));
}

function occurrences(folded: Folded, part: string): Highlight[] {
  const found: Highlight[] = [];
  if (part === '') return found;
  for (let at = folded.text.indexOf(part); at >= 0; at = folded.text.indexOf(part, at + part.length)) {
    found.push(rangeOf(folded, at, at + part.length));
  }
  return found;
}

function rangeOf({ from }: Folded, start: number, end: number): Highlight {
  return { start: from[start] ?? 0, end: (from[end - 1] ?? 0) + 1 };
}

function merged(ranges: readonly Highlight[]): Highlight[] {
  const told: Highlight[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = told.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else told.push({ ...range });
  }
  return told;
}

/** Without capitals and accents, as the index has words. */
function fold(text: string): Folded {
  const from: number[] = [];
  let folded = '';
  let index = 0;
  for (const character of text) {
    const plain = character.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
    folded += plain;
    for (let unit = 0; unit < plain.length; unit += 1) from.push(index);
    index += 1;
  }
  return { text: folded, from };
}
