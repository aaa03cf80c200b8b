import { expect, test } from 'vitest';
import { addDays, addMonths, weeksOf, within } from './month.ts';

const ALWAYS = { first: '2000-01-01', last: '2099-12-31' };

const days = (date: string, start: number): number[][] =>
  weeksOf(date, start, ALWAYS).map((week) => week.map(({ day }) => day));

test('the weeks of a month begin with the first day of the week and hold all its days', () => {
  expect(days('2026-11-22', 1)).toEqual([
    [26, 27, 28, 29, 30, 31, 1],
    [2, 3, 4, 5, 6, 7, 8],
    [9, 10, 11, 12, 13, 14, 15],
    [16, 17, 18, 19, 20, 21, 22],
    [23, 24, 25, 26, 27, 28, 29],
    [30, 1, 2, 3, 4, 5, 6],
  ]);
  expect(days('2026-11-01', 7)[0]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(days('2027-02-10', 1)).toHaveLength(4);
  expect(days('2026-08-10', 6)[0]).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('days outside of the span cannot be chosen', () => {
  const weeks = weeksOf('2026-11-22', 1, { first: '2026-11-05', last: '2026-11-22' }).flat();
  expect(weeks.filter(({ possible }) => possible).map(({ day }) => day)).toEqual(
    Array.from({ length: 18 }, (_, index) => index + 5),
  );
  expect(weeks.filter(({ inside }) => inside)).toHaveLength(30);
  expect(within('2026-11-01', { first: '2026-11-05', last: '2026-11-22' })).toBe('2026-11-05');
  expect(within('2026-12-01', { first: '2026-11-05', last: '2026-11-22' })).toBe('2026-11-22');
});

test('steps go over the ends of months and years, and to the last day of shorter ones', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2026-01-31', -1)).toBe('2025-12-31');
  expect(addMonths('2028-03-31', -1)).toBe('2028-02-29');
});
