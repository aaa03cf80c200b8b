/** How long things took, each with the moment at which it ended. */
export interface Latencies {
  /** Both as `performance.now` tells them. */
  add(began: number, ended: number): void;
  /** `p50 ms` and `p99 ms` of those that ended between the moments; nothing where none did. */
  figures(from: number, to: number): Record<string, number>;
}

export function makeLatencies(): Latencies {
  const ends: number[] = [];
  const taken: number[] = [];
  return {
    add(began, ended) {
      ends.push(ended);
      taken.push(ended - began);
    },
    figures(from, to) {
      const sorted = taken
        .filter((_, index) => (ends[index] ?? 0) >= from && (ends[index] ?? 0) < to)
        .toSorted((a, b) => a - b);
      // The nearest rank: the smallest value that so many of a hundred do not exceed.
      const rank = (percent: number): number => sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
      return sorted.length === 0 ? {} : { 'p50 ms': rank(50), 'p99 ms': rank(99) };
    },
  };
}
