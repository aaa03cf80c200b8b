import type { MessageState } from '@beseda/client/store/chat-record.ts';

/** Which messages of a run are shown. */
export interface Stretch {
  /** The id of the first; those before the run begins do not count. */
  readonly low: number;
  /** That of the last; Infinity: whatever comes is shown. */
  readonly high: number;
}

/** Messages that are shown at once, at most: a hundred screens of them would only cost time. */
export const MOST_SHOWN = 400;

/** As many are shown where a chat opens: more than a screen, so that one can scroll before more is laid out. */
const AT_FIRST = 100;

/** So many before a message that is jumped to, or opened at. */
const BEFORE = 50;

/** One reads on by so many at a time. */
const STEP = 50;

/** Once there are too many at the end of a chat, this many stay. */
const AFTER_TRIM = 300;

export const EVERYTHING: Stretch = { low: 1, high: Infinity };

/** The end of a run. */
export function atEndOf(run: readonly MessageState[]): Stretch {
  return { low: (run.at(-1)?.id ?? 0) - AT_FIRST, high: Infinity };
}

/** @param isLast the run is at the end of its chat: what comes belongs to it. */
export function around(messageId: number, run: readonly MessageState[], isLast: boolean): Stretch {
  const low = messageId - BEFORE;
  const last = run.at(-1)?.id ?? 0;
  return isLast && last < low + AFTER_TRIM ? { low, high: Infinity } : { low, high: low + AFTER_TRIM - 1 };
}

/** Reads on towards the beginning; what is too much goes at the other end. */
export function further(stretch: Stretch, first: number, last: number): Stretch {
  const low = first - STEP;
  return last - low < MOST_SHOWN ? { low, high: stretch.high } : { low, high: low + MOST_SHOWN - 1 };
}

/** Reads on towards the end. */
export function nearer(stretch: Stretch, last: number, run: readonly MessageState[], isLast: boolean): Stretch {
  const high = last + STEP;
  const end = run.at(-1)?.id ?? 0;
  if (isLast && high >= end) return { low: Math.max(stretch.low, end - MOST_SHOWN + 1), high: Infinity };
  return { low: Math.max(stretch.low, high - MOST_SHOWN + 1), high };
}

/**
 * What is shown once more has come than is shown at once: those at the end where the reader is there, else those that
 * they are among.
 */
export function bounded(stretch: Stretch, run: readonly MessageState[], readsAtEnd: boolean): Stretch {
  const first = Math.max(stretch.low, run[0]?.id ?? 0);
  const end = run.at(-1)?.id ?? 0;
  if (stretch.high !== Infinity || end - first < MOST_SHOWN) return stretch;
  return readsAtEnd ? { low: end - AFTER_TRIM + 1, high: Infinity } : { low: first, high: first + MOST_SHOWN - 1 };
}

/** The messages of a run that are shown. */
export function cut(run: readonly MessageState[], { low, high }: Stretch): readonly MessageState[] {
  const first = run[0]?.id ?? 0;
  return run.slice(Math.max(0, low - first), Math.max(0, high - first + 1));
}
