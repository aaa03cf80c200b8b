import { describe, expect, test } from 'vitest';
import { isProblem, parseSearchQuery } from './search-query.ts';

const nothing = { terms: [], from: [], in: [], has: [], before: undefined, after: undefined };
const word = (text: string) => ({ text, phrase: false });
const phrase = (text: string) => ({ text, phrase: true });

describe('a query', () => {
  test.each([
    ['red  garden', { terms: [word('red'), word('garden')] }],
    ['"red garden" rose', { terms: [phrase('red garden'), word('rose')] }],
    ['“red garden”', { terms: [phrase('red garden')] }],
    ['say "as far as it', { terms: [word('say'), phrase('as far as it')] }],
    ['""', {}],
    ['from:anna FROM:boris', { from: ['anna', 'boris'] }],
    ['in:"The Garden" rose', { in: ['The Garden'], terms: [word('rose')] }],
    ['has:Link', { has: ['link'] }],
    ['before:2026-11-22', { before: '2026-11-22T00:00:00.000Z' }],
    ['after:2026-11-22T10:15:00+03:00', { after: '2026-11-22T10:15:00+03:00' }],
    ['https://a.example note: 10:30', { terms: [word('https://a.example'), word('note:'), word('10:30')] }],
  ])('of “%s”', (text, parts) => {
    expect(parseSearchQuery(text)).toEqual({ ...nothing, ...parts });
  });

  test('a day begins when the one who reads the query says so', () => {
    expect(parseSearchQuery('after:2026-11-22', (day) => `${day}T00:00:00+03:00`)).toMatchObject({
      after: '2026-11-22T00:00:00+03:00',
    });
  });

  test.each(['from:', 'in:""', 'has:wings', 'before:soon', 'before:2026-02-30', 'after:2026-01-01 after:2026-01-02'])(
    'with the filter “%s” is told what is wrong with it',
    (text) => {
      const parsed = parseSearchQuery(text);
      expect(isProblem(parsed) && text.includes(parsed.filter) && parsed.problem.length > 5).toBe(true);
    },
  );
});
