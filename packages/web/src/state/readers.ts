import { ApiError } from '@beseda/client/api-error.ts';
import type { Readers } from '@beseda/protocol/marks.ts';
import { settable, type Watched } from './watched.ts';

/** Who has read a message, as far as it is known. */
export interface ReadersView {
  state: 'loading' | 'ready' | 'failed';
  /** How many have read it, those on further pages included. */
  count: number;
  readers: Readers['readers'];
  /** Who has it on a device and has not read it. */
  delivered: Readers['delivered'];
  /** There are further pages. */
  more: boolean;
}

export interface ReadersList extends Watched<ReadersView> {
  /** Reads the next page, or the same again where it could not be read. */
  load(): Promise<void>;
}

/** @param read reads one page: that after a user's id, or the first. */
export function createReadersList(read: (after: number | undefined) => Promise<Readers>): ReadersList {
  const view = settable<ReadersView>({ state: 'loading', count: 0, readers: [], delivered: [], more: true });
  let after: number | undefined;
  let reading = false;
  return {
    get: view.get,
    watch: view.watch,
    async load() {
      if (reading || !view.get().more) return;
      reading = true;
      view.set({ ...view.get(), state: 'loading' });
      try {
        const page = await read(after);
        after = page.next_after ?? undefined;
        const { readers, delivered } = view.get();
        view.set({
          state: 'ready',
          count: page.read_count,
          readers: [...readers, ...page.readers],
          delivered: [...delivered, ...page.delivered],
          more: page.next_after !== null,
        });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        view.set({ ...view.get(), state: 'failed' });
      } finally {
        reading = false;
      }
    },
  };
}
