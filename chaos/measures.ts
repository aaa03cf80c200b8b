/** Durations in milliseconds, gathered under a name. */
export interface Measures {
  add(name: string, ms: number): void;
  /** By name: how many, the median, the longest. */
  summary(): { name: string; count: number; median: number; max: number }[];
}

export function createMeasures(): Measures {
  const all = new Map<string, number[]>();
  return {
    add(name, ms) {
      const values = all.get(name) ?? [];
      all.set(name, values);
      values.push(ms);
    },
    summary: () =>
      [...all].map(([name, values]) => {
        const sorted = values.toSorted((a, b) => a - b);
        return {
          name,
          count: sorted.length,
          median: sorted[Math.floor(sorted.length / 2)] ?? 0,
          max: sorted.at(-1) ?? 0,
        };
      }),
  };
}
