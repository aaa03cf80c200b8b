import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drain } from './drain.ts';

/** What is closed at which moment, by a clock that moves with the delays. */
async function drained(count: number, spreadMs: number, random: () => number) {
  const items = Array.from({ length: count }, (_, index) => index);
  const closed: { item: number; at: number }[] = [];
  let now = 0;
  const delay = async (ms: number): Promise<void> => {
    now += ms;
  };
  await drain({ items, close: (item) => closed.push({ item, at: now }), spreadMs, delay, random });
  return closed;
}

test('a few are closed at once', async () => {
  const closed = await drained(50, 3000, Math.random);
  expect(new Set(closed.map(({ at }) => at))).toEqual(new Set([0]));
});

test('many are closed evenly over the time, each once and none after it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 51, max: 5000 }), fc.integer({ min: 0, max: 4000 }), async (count, spreadMs) => {
      const closed = await drained(count, spreadMs, Math.random);
      expect(closed.map(({ item }) => item).toSorted((a, b) => a - b)).toEqual(Array.from(closed, (_, index) => index));
      expect(closed).toHaveLength(count);
      const perMoment = [...Map.groupBy(closed, ({ at }) => at).values()].map(({ length }) => length);
      expect(Math.max(...perMoment)).toBe(Math.ceil(count / Math.max(1, Math.ceil(spreadMs / 50))));
      expect(Math.max(...closed.map(({ at }) => at))).toBeLessThanOrEqual(spreadMs);
    }),
    { numRuns: 30 },
  );
});

test('the order is by chance, so that nobody is always the last', async () => {
  const values = [0.9, 0.1, 0.5];
  const closed = await drained(3, 0, () => values.shift() ?? 0);
  expect(closed.map(({ item }) => item)).toEqual([1, 2, 0]);
});
