import { expect, test } from 'vitest';
import { createRecentlyUsed } from './recently-used.ts';

test('past the bound the one longest unused is forgotten; what is read counts as used', () => {
  const recent = createRecentlyUsed<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  expect(recent.get('a')).toBe(1);
  recent.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([1, undefined, 3]);
});

test('the bound is of sizes, of which a replaced value has none', () => {
  const recent = createRecentlyUsed<string>(10, (text) => text.length);
  for (let time = 0; time < 5; time += 1) recent.set('a', 'xxxx');
  recent.set('b', 'xxxxxx');
  expect(recent.get('a')).toBe('xxxx');
  recent.set('c', 'xxx');
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual(['xxxx', undefined, 'xxx']);
});

test('what is larger than all that may be kept is not kept, and drives nothing out', () => {
  const recent = createRecentlyUsed<string>(10, (text) => text.length);
  recent.set('a', 'x');
  recent.set('b', 'x'.repeat(11));
  expect(['a', 'b'].map((key) => recent.get(key))).toEqual(['x', undefined]);
});
