import { ApiError } from '@beseda/client/api-error.ts';

/** What is read for one view, one thing after the other. */
export interface Turns {
  /** Settles when it is done or has failed. */
  take(act: () => Promise<void>): Promise<void>;
  busy(): boolean;
  /** Why the last one failed; undefined: it has not. */
  failure(): ApiError | undefined;
  /** As if it had not. */
  forgive(): void;
}

/** @param settled is called after each, whether or not it has failed. */
export function createTurns(settled: () => void): Turns {
  let last: Promise<void> | undefined;
  let failure: ApiError | undefined;

  async function after(before: Promise<void> | undefined, act: () => Promise<void>): Promise<void> {
    await before;
    try {
      await act();
      failure = undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure = error;
    }
  }

  return {
    async take(act) {
      const mine = after(last, act);
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
      failure = undefined;
    },
  };
}
