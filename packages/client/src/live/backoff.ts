/**
 * The longest wait before another try, in milliseconds, unless the server asks for more: once a server is back, people
 * should not have to wait much longer for it than it took.
 */
const LONGEST_MS = 10_000;

/** The bound of the first wait, in milliseconds; it doubles with each try that fails. */
const FIRST_MS = 500;

/**
 * How long to wait before another try, in milliseconds: any time up to a bound that grows ("full jitter"), so that
 * clients that were cut off together do not come back together.
 *
 * @param failures how many tries have failed in a row, this one included; 1 or more.
 * @param random gives a number from 0 up to but not including 1.
 * @param atLeastS seconds that the server asked to wait.
 */
export function backoff(failures: number, random: () => number, atLeastS = 0): number {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return atLeastS * 1000 + Math.round(random() * bound);
}
