import { ApiError } from '@beseda/client/api-error.ts';
import type { Clock } from '@beseda/client/clock.ts';
import { backoff } from '@beseda/client/live/backoff.ts';

/** What is read for one view, one thing after the other. */
export interface Turns {
  /**
   * Settles when it is done or has failed.
   *
   * @param again does it once more, where somebody may still want it by then.
   */
  take(act: () => Promise<void>, again?: () => void): Promise<void>;
  busy(): boolean;
  /** Why the last one failed; undefined: it has not. */
  failure(): ApiError | undefined;
  /** As if it had not; gives what does it once more. */
  forgive(): (() => void) | undefined;
  /** Nothing is due any more. */
  close(): void;
}

/** By what one waits before a try; random numbers are from 0 up to but not including 1. */
export interface Waiting {
  clock: Clock;
  random: () => number;
}

export interface TurnsOptions extends Waiting {
  /** Is called after each, whether or not it has failed. */
  settled: () => void;
  /** It is time to do once more what has failed and may pass. */
  due: () => void;
}

export function createTurns({ settled, due, clock, random }: TurnsOptions): Turns {
  let last: Promise<void> | undefined;
  let failure: ApiError | undefined;
  let failures = 0;
  let onceMore: (() => void) | undefined;
  let callOff: (() => void) | undefined;
  let closed = false;

  function waitNoMore(): void {
    callOff?.();
    callOff = undefined;
  }

  async function after(
    before: Promise<void> | undefined,
    act: () => Promise<void>,
    again: (() => void) | undefined,
  ): Promise<void> {
    await before;
    waitNoMore();
    try {
      await act();
      failure = undefined;
      failures = 0;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure = error;
      onceMore = again;
      if (error.retry && again !== undefined && !closed) wait(error);
    }
  }

  function wait({ problem }: ApiError): void {
    failures += 1;
    callOff = clock.after(backoff(failures, random, problem.retry_after), () => {
      callOff = undefined;
      due();
    });
  }

  return {
    async take(act, again) {
      const mine = after(last, act, again);
      last = mine;
      try {
        await mine;
      } finally {
        if (last === mine) last = undefined;
        settled();
      }
    },
    busy: () => last !== undefined,
    failure: () => failure,
    forgive() {
      waitNoMore();
      failure = undefined;
      return onceMore;
    },
    close() {
      closed = true;
      waitNoMore();
    },
  };
}
