import type { Extent } from './web-measures.ts';

const full: Extent = {
  chats: 1000,
  long: 100_000,
  short: 100,
  kept: { chats: 200, messages: 50 },
  rounds: 7,
  scrolled: 10_000,
  rate: 100,
  seconds: 20,
  hour: 18_000,
};

/** How much of the web client is measured: all that README.md tells of, or less of it in a minute or two. */
export const webExtents = {
  full,
  quick: { ...full, chats: 200, long: 10_000, rounds: 3, scrolled: 2000, seconds: 5, hour: 6000 },
} as const satisfies Record<string, Extent>;
