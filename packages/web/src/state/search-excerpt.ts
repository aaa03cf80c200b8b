import type { Highlight } from '@beseda/protocol/search.ts';
import { withoutHidden } from './hidden-text.ts';

/** A part of an excerpt; what was looked for is marked. */
export interface Piece {
  text: string;
  marked: boolean;
}

/** Characters before the first that was looked for, and of all. */
const BEFORE = 40;
const LENGTH = 220;

/** Stands for each character that is hidden. */
const HIDDEN = '▒';

/** The part of a text around what was looked for, on one line. What spoilers hide stays hidden. */
export function excerptOf(text: string, highlights: readonly Highlight[]): Piece[] {
  const characters = Array.from(masked(text));
  const start = beginning(characters, highlights[0]?.start ?? 0);
  const end = Math.min(characters.length, start + LENGTH);
  const pieces: Piece[] = [];
  const add = (from: number, to: number, marked: boolean): void => {
    const part = characters.slice(Math.max(start, from), Math.min(end, to)).join('').replaceAll(/\s+/g, ' ');
    if (part !== '') pieces.push({ text: part, marked });
  };
  if (start > 0) pieces.push({ text: '… ', marked: false });
  let told = start;
  for (const highlight of highlights) {
    add(told, highlight.start, false);
    add(highlight.start, highlight.end, true);
    told = Math.max(told, highlight.end);
  }
  add(told, characters.length, false);
  if (end < characters.length) pieces.push({ text: ' …', marked: false });
  return pieces;
}

/** The beginning of a word shortly before a place. */
function beginning(characters: readonly string[], at: number): number {
  if (at <= BEFORE) return 0;
  for (let index = at - BEFORE; index < at; index += 1) {
    if (/\s/.test(characters[index - 1] ?? '')) return index;
  }
  return at - BEFORE;
}

/** The same text, of the same length, without what it hides. */
function masked(text: string): string {
  const mark = '\u{0}';
  const [head, tail] = withoutHidden(text, mark).split(mark);
  if (head === undefined || tail === undefined) return text;
  const hidden = text.slice(head.length, text.length - tail.length);
  return head + HIDDEN.repeat(Array.from(hidden).length) + tail;
}
