import { expect, test } from 'vitest';
import { mentionParts, mentions } from './mentions.ts';

const people = new Set(['anna', 'anna.k', 'boris', 'тётя оля', 'x-1']);
const find = (username: string): string | undefined => {
  const name = username.toLowerCase();
  return people.has(name) ? name : undefined;
};

function parts(text: string): string[] {
  return mentionParts(text, find).map((part) => (typeof part === 'string' ? part : `[${part.person}]`));
}

test('names after @ are found, whole and without regard to case', () => {
  expect(parts('@Anna, ask @boris.')).toEqual(['[anna]', ', ask ', '[boris]', '.']);
  expect(parts('no names here')).toEqual(['no names here']);
  expect(parts('@annabel and @nobody')).toEqual(['@annabel and @nobody']);
  expect(parts('(@boris)\n@x-1')).toEqual(['(', '[boris]', ')\n', '[x-1]']);
});

test('of names that begin alike the longest counts; a full stop ends one', () => {
  expect(parts('@anna.k and @anna.')).toEqual(['[anna.k]', ' and ', '[anna]', '.']);
  expect(parts('@Тётя Оля придёт')).toEqual(['[тётя оля]', ' придёт']);
});

test('addresses are no names', () => {
  expect(parts('write to me@anna.k or https://x.example/@anna')).toEqual([
    'write to me@anna.k or https://x.example/@anna',
  ]);
});

test('what is code addresses nobody', () => {
  expect(mentions('look, @ANNA', 'anna')).toBe(true);
  expect(mentions('look, @annabel', 'anna')).toBe(false);
  expect(mentions('look, `@anna`', 'anna')).toBe(false);
  expect(mentions('```\n@anna\n```', 'anna')).toBe(false);
  expect(mentions('```\n@anna', 'anna')).toBe(false);
  expect(mentions('`a` @anna `b`', 'anna')).toBe(true);
  expect(mentions('anna', 'anna')).toBe(false);
});

test('a text of nothing but @ is read at once', () => {
  expect(mentions('@'.repeat(4096), 'anna')).toBe(false);
  expect(mentions('@a '.repeat(1365), 'anna')).toBe(false);
});
