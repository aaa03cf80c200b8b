import process from 'node:process';
import { readUsage, type Parts } from '../processes.ts';
import type { Measured, Round } from '../workload.ts';
import { DRIVER, memory, usage } from './measure.ts';

/** What was done once. */
export interface Done extends Round {
  /** How many operations: the processor time is told for each. */
  operations: number;
}

/** A round of what is not kept up for some time but happens once, from its beginning to its end. */
export async function measureOnce({ parts }: Measured, act: () => Promise<Done>): Promise<Round> {
  const all: Parts = { ...parts(), [DRIVER]: [process.pid] };
  const [began, before] = [performance.now(), readUsage(all)];
  const { operations, figures, faults } = await act();
  const [ended, after] = [performance.now(), readUsage(all)];
  const used =
    before === undefined || after === undefined ? {} : usage(before, after, (ended - began) / 1000, operations);
  return { figures: { ...used, ...memory(all), ...figures }, faults };
}
