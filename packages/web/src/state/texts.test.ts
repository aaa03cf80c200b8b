import { describe, expect, test } from 'vitest';
import { oneLine } from './chat-list.ts';
import { directionOf } from './direction.ts';
import { emojiOnly } from './emoji-only.ts';
import { mayBeLong } from './folding.ts';
import { withoutHidden } from './hidden-text.ts';

describe('what a text hides', () => {
  test.each([
    ['it is ||the gardener||.', 'it is ▒▒▒.'],
    ['||one|| and ||two||', '▒▒▒'],
    ['if (a || b || c)', 'if (a || b || c)'],
    ['||never ended', '||never ended'],
    ['||not ended ||', '||not ended ||'],
    ['||||', '||||'],
  ])('%j becomes %s', (text, expected) => {
    expect(withoutHidden(text)).toBe(expected);
  });

  test('is not in its one line, however far away its end is', () => {
    expect(oneLine(`**So** ||${'long '.repeat(200)}end||`)).toBe('So ▒▒▒');
    expect(oneLine('||gone|| stays', 'hidden text')).toBe('hidden text stays');
  });
});

describe('emoji alone', () => {
  test.each([
    ['🌱', 1],
    ['👍🏽 ❤️', 2],
    ['👩‍👩‍👧‍👦🇷🇺1️⃣', 3],
    ['🌱🌱🌱🌱', undefined],
    ['🌱 yes', undefined],
    ['12', undefined],
    ['', undefined],
    ['🌱'.repeat(5000), undefined],
  ])('%s: %s', (text, count) => {
    expect(emojiOnly(text)).toBe(count);
  });
});

describe('the direction of a text', () => {
  test.each([
    ['שלום, Anna', 'rtl'],
    ['12:30 مرحبا', 'rtl'],
    ['hello שלום', 'ltr'],
    ['Привет', 'ltr'],
    ['12:30 🌱', undefined],
  ])('%s: %s', (text, direction) => {
    expect(directionOf(text)).toBe(direction);
  });
});

test('a text may be long by its lines or by its length', () => {
  expect(mayBeLong('a\n'.repeat(20))).toBe(false);
  expect(mayBeLong('a\n'.repeat(30))).toBe(true);
  expect(mayBeLong('a'.repeat(600))).toBe(true);
});
