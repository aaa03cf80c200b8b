import { ApiError } from '@beseda/client/api-error.ts';
import { settable, type Watched } from './watched.ts';

/** Whether others see that the user is online, and when they were last; undefined: not known yet. */
export interface OwnVisibility extends Watched<boolean | undefined> {
  load(): Promise<void>;
  /** It is shown as changed at once, and as it was where the server does not take it. @throws ApiError */
  show(visible: boolean): Promise<void>;
}

interface Told {
  last_seen_visible: boolean;
}

export function createOwnVisibility(calls: {
  get(): Promise<Told>;
  update(change: Told): Promise<Told>;
}): OwnVisibility {
  const state = settable<boolean | undefined>(undefined);
  return {
    get: state.get,
    watch: state.watch,
    async load() {
      try {
        state.set((await calls.get()).last_seen_visible);
      } catch (error) {
        // It stays unknown, and cannot be changed, as long as the server cannot be asked.
        if (!(error instanceof ApiError)) throw error;
      }
    },
    async show(visible) {
      const before = state.get();
      state.set(visible);
      try {
        state.set((await calls.update({ last_seen_visible: visible })).last_seen_visible);
      } catch (error) {
        state.set(before);
        throw error;
      }
    },
  };
}
