/** How long things took, each with the moment for which it counts. */
export interface Latencies {
  /**
   * @param at as `performance.now` tells it.
   * @param took in milliseconds.
   */
  add(at: number, took: number): void;
  /** `p50 ms` and `p99 ms` of those that count between the moments; nothing where there are none. */
  figures(from: number, to: number): Record<string, number>;
}

export function makeLatencies(): Latencies {
  const moments: number[] = [];
  const taken: number[] = [];
  return {
    add(at, took) {
      moments.push(at);
      taken.push(took);
    },
    figures(from, to) {
      const sorted = taken
        .filter((_, index) => (moments[index] ?? 0) >= from && (moments[index] ?? 0) < to)
        .toSorted((a, b) => a - b);
      // The nearest rank: the smallest value that so many of a hundred do not exceed.
      const rank = (percent: number): number => sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
      return sorted.length === 0 ? {} : { 'p50 ms': rank(50), 'p99 ms': rank(99) };
    },
  };
}
