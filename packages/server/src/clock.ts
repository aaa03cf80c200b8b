/** The time of day, as an argument: tests set it, and nothing else in the server asks the machine. */
export interface Clock {
  now(): Date;
}

/** Runs something once, after some milliseconds; as an argument, so that tests need not wait. */
export type Timer = (ms: number, act: () => void) => void;

/** Does not keep the process alive. */
export const systemTimer: Timer = (ms, act) => void setTimeout(act, ms).unref();

export const systemClock: Clock = { now: () => new Date() };

/** Time that passes evenly, whatever becomes of the time of day; as an argument, so that tests need not wait. */
export interface Stopwatch {
  /** Milliseconds since some moment. */
  elapsed: () => number;
  /** Runs something once, when no fewer than so many milliseconds have passed; does not keep the process alive. */
  later(ms: number, act: () => void): void;
}

export const systemStopwatch: Stopwatch = {
  elapsed: () => performance.now(),
  later(ms, act) {
    const due = performance.now() + ms;
    // Timers count whole milliseconds and may be a fraction early.
    const wake = (): void => {
      if (performance.now() < due) setTimeout(wake, 1).unref();
      else act();
    };
    setTimeout(wake, ms).unref();
  },
};
