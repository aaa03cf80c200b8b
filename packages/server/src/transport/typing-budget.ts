import type { Stopwatch } from '../clock.ts';

/** `typing` frames of one socket that count, in a second; more would tell nobody anything new. */
const PER_SECOND = 5;

/** Whether one more `typing` frame of a socket counts. */
export function createTypingBudget(stopwatch: Stopwatch): () => boolean {
  let left = PER_SECOND;
  let at = stopwatch.elapsed();
  return () => {
    const now = stopwatch.elapsed();
    left = Math.min(PER_SECOND, left + ((now - at) / 1000) * PER_SECOND);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
