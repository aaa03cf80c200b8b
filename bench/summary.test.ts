import { describe, expect, test } from 'vitest';
import { summaryOf, validRounds } from './summary.ts';
import { tableOf } from './table.ts';
import type { Round } from './workload.ts';

const round = (value: number, ...faults: string[]): Round => ({ figures: { 'sends/s': value }, faults });

describe('what the rounds say', () => {
  test('the median, the lowest and the highest', () => {
    expect(summaryOf([round(3), round(1), round(2)], 'sends/s')).toEqual({ median: 2, lowest: 1, highest: 3 });
    expect(summaryOf([round(1), round(2)], 'sends/s')?.median).toBe(1.5);
  });

  test('a figure that none has is not made up', () => {
    expect(summaryOf([round(1)], 'p99 ms')).toBeUndefined();
  });

  test('a round with a fault does not count, and the table says so', () => {
    const rounds = [round(100), round(900, '2 gaps')];
    expect(validRounds(rounds)).toEqual([round(100)]);
    const table = tableOf([{ name: 'W', headline: ['sends/s'], rounds }]);
    expect(table).toContain('100 sends/s');
    expect(table).not.toContain('900');
    expect(table).toContain('VOID: W, round 2: 2 gaps');
  });

  test('a round that others disturbed counts, and the table says so', () => {
    const rounds = [{ figures: { 'sends/s': 5, 'others %': 40 }, faults: [] }];
    expect(tableOf([{ name: 'W', headline: ['sends/s'], rounds }])).toContain('disturbed: W, round 1');
  });
});
