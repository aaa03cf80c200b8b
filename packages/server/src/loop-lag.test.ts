import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { measureLoopLag } from './loop-lag.ts';

/** Keeps the loop's turns as long as this, until the measure has changed from what it was. */
async function turnsOf(ms: number, until: () => boolean): Promise<void> {
  while (!until()) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    await delay(1);
  }
}

test('long turns of the event loop are seen within a look or two, and their end too', async () => {
  const lag = measureLoopLag();
  expect(lag.ms()).toBe(0);
  await turnsOf(120, () => lag.ms() >= 80);
  await turnsOf(0, () => lag.ms() < 80);
  lag.stop();
});
