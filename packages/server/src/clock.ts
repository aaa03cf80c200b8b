/** The time of day, as an argument: tests set it, and nothing else in the server asks the machine. */
export interface Clock {
  now(): Date;
}

/** Runs something once, after some milliseconds; as an argument, so that tests need not wait. */
export type Timer = (ms: number, act: () => void) => void;

/** Does not keep the process alive. */
export const systemTimer: Timer = (ms, act) => void setTimeout(act, ms).unref();

export const systemClock: Clock = { now: () => new Date() };
