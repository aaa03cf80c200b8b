import type { Round } from './workload.ts';

export interface Summary {
  median: number;
  lowest: number;
  highest: number;
}

/** The rounds that count: a gap, a double or an error makes one void. */
export function validRounds(rounds: readonly Round[]): Round[] {
  return rounds.filter(({ faults }) => faults.length === 0);
}

/** What the rounds say of a figure; undefined where none has it. */
export function summaryOf(rounds: readonly Round[], figure: string): Summary | undefined {
  const sorted = rounds.flatMap(({ figures }) => figures[figure] ?? []).toSorted((a, b) => a - b);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) return undefined;
  const upper = sorted[sorted.length >> 1] ?? highest;
  const lower = sorted[(sorted.length - 1) >> 1] ?? lowest;
  return { median: (lower + upper) / 2, lowest, highest };
}
