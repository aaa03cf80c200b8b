import { ApiError } from '@beseda/client/api-error.ts';
import type { Clock } from '@beseda/client/clock.ts';
import type { Store } from '@beseda/client/store/store.ts';
import { withoutHidden } from './hidden-text.ts';
import { settable, type Watched } from './watched.ts';

/** What is found in one chat. */
export interface ChatSearchView {
  query: string;
  /** The messages that hold the query, newest first, as far back as was searched. */
  hits: readonly number[];
  /** Which of them is shown; -1: none. */
  at: number;
  /** `paused`: much was searched in vain, and there is more. `whole`: all of the chat was searched. */
  state: 'idle' | 'searching' | 'paused' | 'whole' | 'failed';
}

export interface ChatSearch extends Watched<ChatSearchView> {
  type(query: string): void;
  /** To the next older hit; searches on for it where none is known yet. */
  older(): void;
  newer(): void;
  close(): void;
}

/** What is read of a message. */
interface Searched {
  id: number;
  text: string;
  deleted_at: string | null;
}

export interface ChatSearchOptions {
  chatId: number;
  store: Pick<Store, 'chat' | 'messages'>;
  /** Reads a page before a message, newest first. */
  read: (before: number) => Promise<readonly Searched[]>;
  clock: Clock;
  /** Shows a message. */
  show: (messageId: number) => void;
}

/** Between one key and the next; the pause after the last one is what is searched, in milliseconds. */
const PAUSE_MS = 150;

/** So many messages without a hit are searched unasked. */
const UNASKED = 2000;

const NOTHING: ChatSearchView = { query: '', hits: [], at: -1, state: 'idle' };

/**
 * Searches a chat from its newest message back: what is held here, and beyond that page by page what the server has.
 * Without a network it finds what is held.
 */
export function createChatSearch({ chatId, store, read, clock, show }: ChatSearchOptions): ChatSearch {
  const view = settable(NOTHING);
  /** Messages from here on are searched. */
  let searchedTo = Infinity;
  /** What belongs to an earlier query is not taken. */
  let turn = 0;
  let callOff: (() => void) | undefined;

  /** The held messages that end just before one, newest first. */
  function held(before: number): readonly Searched[] {
    const run = store.messages(chatId)?.runs.find((messages) => {
      const [first] = messages;
      return first !== undefined && first.id < before && (messages.at(-1)?.id ?? 0) >= before - 1;
    });
    return (run ?? []).filter(({ id }) => id < before).toReversed();
  }

  async function searchOn(): Promise<void> {
    const mine = turn;
    const { query } = view.get();
    let unasked = UNASKED;
    view.set({ ...view.get(), state: 'searching' });
    while (searchedTo > 1) {
      const kept = held(searchedTo);
      const page = kept.length > 0 ? kept : await read(searchedTo);
      if (mine !== turn) return;
      const hits = page.filter((message) => holds(message, query)).map(({ id }) => id);
      searchedTo = page.at(-1)?.id ?? 1;
      unasked -= page.length;
      if (hits.length > 0) {
        const now = view.get();
        const known = [...now.hits, ...hits];
        view.set({ ...now, hits: known, at: now.hits.length, state: searchedTo > 1 ? 'idle' : 'whole' });
        show(known[now.hits.length] ?? 0);
        return;
      }
      if (unasked <= 0 && searchedTo > 1) {
        view.set({ ...view.get(), state: 'paused' });
        return;
      }
    }
    view.set({ ...view.get(), state: 'whole' });
  }

  async function attempt(): Promise<void> {
    const mine = turn;
    try {
      await searchOn();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine === turn) view.set({ ...view.get(), state: 'failed' });
    }
  }

  function move(at: number): void {
    view.set({ ...view.get(), at });
    show(view.get().hits[at] ?? 0);
  }

  return {
    get: view.get,
    watch: view.watch,
    type(text) {
      const query = fold(text);
      if (query === view.get().query) return;
      turn += 1;
      callOff?.();
      view.set({ ...NOTHING, query });
      if (query === '') return;
      searchedTo = (store.chat(chatId)?.last_message_id ?? 0) + 1;
      callOff = clock.after(PAUSE_MS, () => void attempt());
    },
    older() {
      const { hits, at, state, query } = view.get();
      if (at + 1 < hits.length) move(at + 1);
      else if (query !== '' && state !== 'whole' && state !== 'searching') void attempt();
    },
    newer() {
      const { at } = view.get();
      if (at > 0) move(at - 1);
    },
    close() {
      turn += 1;
      callOff?.();
    },
  };
}

function holds({ text, deleted_at: deletedAt }: Searched, query: string): boolean {
  return deletedAt === null && fold(withoutHidden(text)).includes(query);
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
