import { isOneEmoji } from '@beseda/protocol/emoji.ts';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { emojiByChar, emojiGroups, findEmoji, readEmoji, toned } from '../src/state/emoji.ts';
import { emojiOnly } from '../src/state/emoji-only.ts';
import { tones } from '../src/state/skin-tones.ts';
import { emojiList, emojiNames } from './emoji-data.ts';

const all = readEmoji(emojiList(), [emojiNames('en'), emojiNames('ru')]);
const found = (query: string): string[] => findEmoji(all, query, 8).map(({ char }) => char);

test('the server takes every emoji that is offered, in every tone, as a reaction', () => {
  const offered = all.flatMap((emoji) => tones.map((tone) => toned(emoji, tone)));
  expect(offered.filter((emoji) => !isOneEmoji(emoji))).toEqual([]);
  expect(all.length).toBeGreaterThan(1800);
  expect(new Set(all.map(({ char }) => char)).size).toBe(all.length);
});

test('each of them alone, and up to three, is a message of emoji only', () => {
  const offered = all.flatMap((emoji) => tones.map((tone) => toned(emoji, tone)));
  const wrong = offered.filter((emoji) => {
    const counts = [emoji, emoji + emoji, `${emoji} ${emoji}${emoji}`, emoji.repeat(4), `${emoji}a`].map(emojiOnly);
    return String(counts) !== '1,2,3,,';
  });
  expect(wrong).toEqual([]);
  expect(['1', '12', '#', '©', '🇷', 'a', ' ', ''].map(emojiOnly)).toEqual(Array(8).fill(undefined));
});

test('tones are those that the data has', () => {
  const path = createRequire(import.meta.url).resolve('emojibase-data/en/data.json');
  const data = JSON.parse(readFileSync(path, 'utf8')) as { skins?: { emoji: string; tone: number | number[] }[] }[];
  const known = new Set(data.flatMap(({ skins = [] }) => skins.map(({ emoji }) => emoji)));
  const wrong = all.filter((emoji) => emoji.hasTones && tones.slice(1).some((tone) => !known.has(toned(emoji, tone))));
  expect(wrong.map(({ char }) => char)).toEqual([]);
  expect(all.filter(({ hasTones }) => hasTones).length).toBeGreaterThan(300);
});

test('an emoji is known in any of its tones', () => {
  const byChar = emojiByChar(all);
  const unknown = all.filter((emoji) => tones.some((tone) => byChar(toned(emoji, tone)) !== emoji));
  expect(unknown.map(({ char }) => char)).toEqual([]);
  expect(byChar('x')).toBeUndefined();
});

test('what is newer than the fonts of two years ago is left out', () => {
  const chars = all.map(({ char }) => char);
  expect(chars).toContain('🫨');
  expect(chars).not.toContain('🙂‍↔️');
  expect(chars).not.toContain('🫩');
});

test('each has a group, a label in every language, and a short name', () => {
  expect(new Set(all.map(({ group }) => group)).size).toBe(emojiGroups.length);
  const russian = readEmoji(emojiList(), [emojiNames('ru'), emojiNames('en')]);
  expect([...all, ...russian].filter(({ label, short }) => label === '' || short === '')).toEqual([]);
  expect(russian.find(({ char }) => char === '🎉')).toMatchObject({ label: 'хлопушка', short: 'tada' });
});

test('they are found by short name, label and what they are about, in both languages', () => {
  expect(found('tada')[0]).toBe('🎉');
  expect(found('+1')[0]).toBe('👍');
  expect(found('thumbs')).toContain('👍');
  expect(found('smi')).toContain('😄');
  expect(found('red heart')[0]).toBe('❤️');
  expect(found('red_heart')[0]).toBe('❤️');
  expect(found('СЕРДЦЕ')).toContain('❤️');
  expect(found('самолёт')[0]).toBe('✈️');
  expect(found('самолет')[0]).toBe('✈️');
  expect(found('russia')).toContain('🇷🇺');
  expect(found('qqqq')).toEqual([]);
  expect(found(' ')).toEqual([]);
});
