import { ApiError } from '@beseda/client/api-error.ts';
import type { Clock } from '@beseda/client/clock.ts';
import type { User } from '@beseda/protocol/users.ts';
import { settable, type Watched } from './watched.ts';

/** People by the start of a name, as it is typed. */
export interface Found {
  query: string;
  people: readonly User[];
  state: 'idle' | 'searching' | 'found' | 'failed';
}

export interface FindingPeople extends Watched<Found> {
  type(query: string): void;
}

/** Between one key and the next; the pause after the last one is what is searched, in milliseconds. */
const PAUSE_MS = 150;

/** @param find reads people by the start of a name. */
export function createFindingPeople(
  find: (query: string) => Promise<readonly User[]>,
  self: number,
  clock: Clock,
): FindingPeople {
  const found = settable<Found>({ query: '', people: [], state: 'idle' });
  let callOff: (() => void) | undefined;

  async function search(query: string): Promise<void> {
    try {
      const people = await find(query);
      if (found.get().query !== query) return;
      found.set({ query, people: people.filter(({ id }) => id !== self), state: 'found' });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (found.get().query === query) found.set({ query, people: [], state: 'failed' });
    }
  }

  return {
    get: found.get,
    watch: found.watch,
    type(text) {
      const query = text.trim();
      if (query === found.get().query) return;
      callOff?.();
      if (query === '') {
        found.set({ query, people: [], state: 'idle' });
        return;
      }
      // Those found so far stay until others are: nothing flickers while one types.
      found.set({ query, people: found.get().people, state: 'searching' });
      callOff = clock.after(PAUSE_MS, () => void search(query));
    },
  };
}
