/** The time of day, as an argument: tests set it, and nothing else in the server asks the machine. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
