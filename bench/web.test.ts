import { expect, test } from 'vitest';
import { NoBrowserError } from '../e2e/browser.ts';
import { benchWeb } from './web-bench.ts';

// That it measures, not what: a time of a shared machine proves nothing.
test('the benchmark of the web client measures all that it says', { timeout: 180_000 }, async ({ skip }) => {
  const extent = {
    chats: 5,
    long: 300,
    short: 60,
    kept: { chats: 3, messages: 20 },
    rounds: 1,
    scrolled: 60,
    rate: 50,
    seconds: 1,
    hour: 60,
  };
  try {
    const { measures } = await benchWeb(0, extent, () => undefined);
    expect(measures.length).toBeGreaterThan(20);
    const missing = measures.filter(({ values }) => values.length === 0 || !values.every(Number.isFinite));
    expect(missing).toEqual([]);
  } catch (error) {
    if (!(error instanceof NoBrowserError) || process.env['CI'] === 'true') throw error;
    skip(error.message);
  }
});
