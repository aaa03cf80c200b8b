import { isOneEmoji } from '@beseda/protocol/emoji.ts';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

/** What is read of the data of `emojibase-data`. */
interface Entry {
  label: string;
  hexcode: string;
  tags?: string[];
  emoji: string;
  /** Some letters alone, which make flags of two, have none. */
  group?: number;
  order: number;
  version: number;
  skins?: { version: number }[];
}

/** The names of an emoji by the hex codes of its characters. */
type ShortNames = Record<string, string | string[]>;

/** The newest version of Unicode's emoji that is offered: two years after it, systems have it in their fonts. */
const NEWEST = 15;

/** Of the groups of the data, that of skin tones and hair by themselves is not one to choose from. */
const COMPONENTS = 2;

/** Sets of short names, those that people know best first. */
const SHORT_NAMES = ['github', 'iamcal', 'emojibase'];

/** The languages that emoji are found in. */
const emojiLanguages = ['en', 'ru'] as const;

const { resolve } = createRequire(import.meta.url);

/** A line for each group, with its emoji between blanks; after those that come in skin tones stands a plus. */
export function emojiList(): string {
  const groups: string[][] = [];
  for (const entry of entries()) {
    const list = (groups[entry.group ?? 0] ??= []);
    // Tones came to some later than the emoji itself.
    const hasTones = entry.skins?.every(({ version }) => version <= NEWEST) === true;
    list.push(charOf(entry) + (hasTones ? '+' : ''));
  }
  return groups.flatMap((list) => (list === undefined ? [] : [list.join(' ')])).join('\n');
}

/** A line for each emoji of {@link emojiList}: its label, short names, and words about it that are in neither. */
export function emojiNames(language: (typeof emojiLanguages)[number]): string {
  const entriesHere = new Map((read(`${language}/data.json`) as Entry[]).map((entry) => [entry.hexcode, entry]));
  const sets = language === 'en' ? SHORT_NAMES.map((name) => read(`en/shortcodes/${name}.json`) as ShortNames) : [];
  return entries()
    .map(({ hexcode }) => {
      const entry = entriesHere.get(hexcode);
      const label = entry?.label ?? '';
      const shorts = [...new Set(sets.flatMap((set) => set[hexcode] ?? []))];
      const said = new Set(wordsOf([label, ...shorts].join(' ')));
      const about = [...new Set((entry?.tags ?? []).flatMap(wordsOf))].filter((word) => !said.has(word));
      return [label, shorts.join(' '), about.join(' ')].join('|');
    })
    .join('\n');
}

/** Gives the page the texts above as modules, of which each is read when it is wanted. */
export function emojiData(): Plugin {
  const prefix = 'virtual:emoji/';
  const texts: Record<string, () => string> = {
    list: emojiList,
    ...Object.fromEntries(emojiLanguages.map((language) => [`names-${language}`, () => emojiNames(language)])),
  };
  return {
    name: 'emoji-data',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      const text = id.startsWith(`\0${prefix}`) ? texts[id.slice(prefix.length + 1)] : undefined;
      return text === undefined ? undefined : `export default ${JSON.stringify(text())};`;
    },
  };
}

function entries(): Entry[] {
  return (read('en/data.json') as Entry[])
    .filter(({ group, version }) => group !== undefined && group !== COMPONENTS && version <= NEWEST)
    .toSorted((a, b) => (a.group ?? 0) - (b.group ?? 0) || a.order - b.order);
}

/** The data marks each as a picture; Unicode wants the mark only where it would else be text. */
function charOf({ emoji, hexcode }: Entry): string {
  const char = [emoji, emoji.replaceAll('\uFE0F', '')].find(isOneEmoji);
  if (char === undefined) throw new Error(`${hexcode} of the emoji's data is not one emoji.`);
  return char;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(resolve(`emojibase-data/${path}`), 'utf8'));
}
