import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf, readUsage, type Parts, type Usage } from '../processes.ts';
import type { Extent, Measured, Round } from '../workload.ts';
import type { Load } from './load.ts';

/** The part that is this process. */
export const DRIVER = 'driver';

/** Milliseconds between the beginning of a load and that of what is measured: everybody is busy by then. */
const RAMP_MS = 500;

/** Milliseconds for which a load may do nothing, and between two looks. */
const PATIENCE_MS = 20_000;
const STEP_MS = 20;

/** A warm-up and then the rounds. Each has a load of its own. */
export async function measureRounds(
  { rounds, quick, ...extent }: Extent,
  { parts, seconds = extent.seconds }: Measured,
  makeLoad: () => Load,
): Promise<Round[]> {
  const measured: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const one = await measureRound(seconds, quick ? 0 : RAMP_MS, { ...parts(), [DRIVER]: [process.pid] }, makeLoad());
    // The first one warms up: code is compiled, caches and files get their size.
    if (round > 0) measured.push(one);
  }
  return measured;
}

/** One round of a load, which ends it. */
export async function measureRound(seconds: number, rampMs: number, parts: Parts, load: Load): Promise<Round> {
  load.begin();
  await sleep(rampMs);
  const before = take(parts, load);
  await sleep(seconds * 1000);
  // A short round in which a disk stood still is a longer one.
  for (let more = 0; load.done() === before.done && more < PATIENCE_MS; more += STEP_MS) await sleep(STEP_MS);
  const after = take(parts, load);
  const { faults, figures = {} } = await load.end(before.at, after.at);
  const elapsed = (after.at - before.at) / 1000;
  const done = after.done - before.done;
  if (done === 0) faults.push('nothing was done');
  return {
    figures: {
      [`${load.operation}/s`]: done / elapsed,
      ...(before.usage === undefined || after.usage === undefined
        ? {}
        : usage(before.usage, after.usage, elapsed, done)),
      ...memory(parts),
      ...figures,
    },
    faults,
  };
}

function take(parts: Parts, load: Load): { at: number; done: number; usage: Usage | undefined } {
  return { at: performance.now(), done: load.done(), usage: readUsage(parts) };
}

/** Names of figures that every measured row has where the platform tells them. */
export const figureNames = {
  /** Microseconds of processor time of a part for one operation. */
  perOperation: (part: string) => `${part} µs`,
  /** How much of a processor a part took, in percent. */
  share: (part: string) => `${part} %`,
  /** Memory of a part at the end of the round. */
  memory: (part: string) => `${part} MiB`,
  others: 'others %',
  stolen: 'stolen %',
} as const;

/** What the parts have used between two moments, so many seconds apart: for each operation, and of a processor. */
export function usage(before: Usage, after: Usage, elapsed: number, done: number): Record<string, number> {
  const used = Object.keys(after.cpu).map((part) => [part, (after.cpu[part] ?? 0) - (before.cpu[part] ?? 0)] as const);
  const ours = used.reduce((sum, [, seconds]) => sum + seconds, 0);
  return {
    ...Object.fromEntries(used.map(([part, seconds]) => [figureNames.perOperation(part), (seconds / done) * 1e6])),
    ...Object.fromEntries(used.map(([part, seconds]) => [figureNames.share(part), (seconds / elapsed) * 100])),
    [figureNames.others]: (Math.max(0, after.busy - before.busy - ours) / elapsed) * 100,
    [figureNames.stolen]: ((after.stolen - before.stolen) / elapsed) * 100,
  };
}

/** What the parts take at present. */
export function memory(parts: Parts): Record<string, number> {
  const sizes = Object.entries(parts).map(([part, pids]) => [figureNames.memory(part), memoryOf(pids)] as const);
  return Object.fromEntries(sizes.flatMap(([name, kib]) => (kib === undefined ? [] : [[name, kib / 1024]])));
}
