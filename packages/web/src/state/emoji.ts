import type { Tone } from './skin-tones.ts';

/** An emoji as it is chosen. */
export interface Emoji {
  /** Without a skin tone. */
  char: string;
  /** Where it belongs: the place of its group among {@link emojiGroups}. */
  group: number;
  /** It is drawn in skin tones too. */
  hasTones: boolean;
  /** What it is called in the first of the languages. */
  label: string;
  /** Its first short name, such as `tada`; of English, which all chats have in common. */
  short: string;
  /** Its names of all languages, folded. */
  names: readonly string[];
  /** The words of its names and words about it, folded, with a blank before each. */
  words: string;
}

/** In the order of the data. */
export const emojiGroups = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const;
export type EmojiGroup = (typeof emojiGroups)[number];

/** The first modifier, U+1F3FB, less one. */
const BEFORE_TONES = 0x1f3fa;

/**
 * The emoji there are, from texts as `build/emoji-data.ts` makes them.
 *
 * @param list a line for each group.
 * @param languages the names of all of them, a line for each emoji; the first language gives the labels.
 */
export function readEmoji(list: string, languages: readonly string[]): Emoji[] {
  const labels = (languages[0] ?? '').split('\n').map((line) => line.slice(0, line.indexOf('|')));
  const folded = languages.map((text) => foldEmoji(text).split('\n'));
  const found = list.split('\n').flatMap((line, group) => line.split(' ').map((entry) => ({ entry, group })));
  return found.map(({ entry, group }, index) => {
    const fields = folded.map((lines) => (lines[index] ?? '').split('|'));
    const shorts = fields.flatMap(([, short = '']) => (short === '' ? [] : short.split(' ')));
    return {
      char: entry.replace('+', ''),
      group,
      hasTones: entry.endsWith('+'),
      label: labels[index] ?? '',
      short: shorts[0] ?? '',
      names: [...shorts, ...fields.map(([label = '']) => label)],
      words: spaced(fields.flat().join(' ')),
    };
  });
}

/** The emoji that a query names, the best first: by a whole name, a part of a short name or a long one, a word about it. */
export function findEmoji(all: readonly Emoji[], query: string, most: number): Emoji[] {
  const folded = foldEmoji(query);
  const parts = folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  if (folded === '') return [];
  return all
    .map((emoji) => ({ emoji, distance: distanceOf(emoji, folded, parts) }))
    .filter(({ distance }) => distance < Infinity)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ emoji }) => emoji);
}

/** A name that has the query inside is as far as one so many letters longer that begins with it. */
const INSIDE = 4;

/** Further than any name. */
const BY_WORDS = 1000;

function distanceOf({ names, words }: Emoji, query: string, parts: readonly string[]): number {
  // Whoever writes a sign means the name that has it.
  const signed = /^[+-]/.test(query);
  if (!signed && !begunBy(words, parts)) return Infinity;
  const distances = names.map((name) => {
    if (name.startsWith(query)) return name === query ? 0 : name.length;
    return !signed && begunBy(spaced(name), parts) ? name.length + INSIDE : Infinity;
  });
  return Math.min(...distances, signed ? Infinity : BY_WORDS);
}

/** @param words see `Emoji`. */
function begunBy(words: string, parts: readonly string[]): boolean {
  return parts.every((part) => words.includes(` ${part}`));
}

/** An emoji without its tone, and without what makes a picture of a text. */
function bare(char: string): string {
  return char.replaceAll(/\p{Emoji_Modifier}|\uFE0F/gu, '');
}

/** Finds emoji by their characters, in any tone. */
export function emojiByChar(all: readonly Emoji[]): (char: string) => Emoji | undefined {
  const known = new Map(all.map((emoji) => [bare(emoji.char), emoji]));
  return (char) => known.get(bare(char));
}

/** An emoji in a skin tone, where it has any. Of people hand in hand, the hands have none of their own. */
export function toned({ char, hasTones }: Pick<Emoji, 'char' | 'hasTones'>, tone: Tone): string {
  if (!hasTones || tone === 0) return char;
  const modifier = String.fromCodePoint(BEFORE_TONES + tone);
  if (char === '🤝') return char + modifier;
  return char.replace(/(?!🤝)(\p{Emoji_Modifier_Base})\ufe0f?/gu, `$1${modifier}`);
}

/** Words with a blank before each. */
function spaced(name: string): string {
  return ` ${name.replaceAll(/[_:(«“,-]+/g, ' ')}`;
}

/** Few write ё where they mean it, and nobody searches with it. */
function foldEmoji(text: string): string {
  return text.trim().toLowerCase().replaceAll('ё', 'е');
}
