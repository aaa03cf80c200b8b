/** Time, as an argument: tests move it, and nothing else in this package asks the machine. */
export interface Clock {
  /** The time of day in milliseconds since 1970. */
  now(): number;
  /** Acts once after so many milliseconds. Returns what calls it off. */
  after(milliseconds: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};
