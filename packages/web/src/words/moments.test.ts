import { expect, test } from 'vitest';
import { en } from './en.ts';
import { momentsIn } from './moments.ts';
import { ru } from './ru.ts';

const now = new Date(2026, 10, 22, 15, 0);

/** A moment where the reader is. */
function at(year: number, month: number, day: number): string {
  return new Date(year, month - 1, day, 14, 5).toISOString();
}

test('when someone was last there is told the shorter the longer ago it is', () => {
  const english = momentsIn(en.locale, en);
  expect(english.seen(at(2026, 11, 22), now)).toBe('seen at 14:05');
  expect(english.seen(at(2026, 11, 21), now)).toBe('seen yesterday at 14:05');
  expect(english.seen(at(2026, 11, 1), now)).toBe('seen on 1 Nov');
  expect(english.seen(at(2025, 11, 1), now)).toBe('seen on 01/11/25');
  expect(momentsIn(ru.locale, ru).seen(at(2026, 11, 21), now)).toBe('в сети вчера в 14:05');
});

test('when a message was read is right to the minute, with the day where it was not today', () => {
  const english = momentsIn(en.locale, en);
  expect(english.near(at(2026, 11, 22), now)).toBe('14:05');
  expect(english.near(at(2026, 11, 1), now)).toBe('1 Nov, 14:05');
});
