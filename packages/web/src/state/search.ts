import { ApiError } from '@beseda/client/api-error.ts';
import type { Clock } from '@beseda/client/clock.ts';
import type { Store } from '@beseda/client/store/store.ts';
import type { Message } from '@beseda/protocol/messages.ts';
import { isProblem, parseSearchQuery } from '@beseda/protocol/search-query.ts';
import type { Highlight, SearchPage, SearchWay } from '@beseda/protocol/search.ts';
import { withoutHidden } from './hidden-text.ts';
import { excerptOf, type Piece } from './search-excerpt.ts';
import { settable, type Watched } from './watched.ts';

/** A message that was found. */
export interface Found {
  key: string;
  chatId: number;
  messageId: number;
  senderId: number;
  /** When it was sent. */
  at: string;
  pieces: readonly Piece[];
}

export interface SearchView {
  query: string;
  /** What is held here while the server is asked, then what it found. */
  found: readonly Found[];
  /** `refused`: a filter of the query means nothing. */
  state: 'idle' | 'searching' | 'found' | 'failed' | 'refused';
  way: SearchWay;
  /** The filter that means nothing. */
  refused: string;
  /** Whether there is more, and it is not on its way yet. */
  more: boolean;
}

export interface MessageSearch extends Watched<SearchView> {
  type(query: string): void;
  /** Gets the next page, or again what failed. */
  goOn(): void;
  close(): void;
}

export interface MessageSearchOptions {
  ask: (query: string, page: { cursor?: string }) => Promise<SearchPage>;
  store: Pick<Store, 'inbox' | 'messages'>;
  clock: Clock;
}

/** Between one key and the next; the pause after the last one is what is searched, in milliseconds. */
const PAUSE_MS = 200;

/** Messages that are held here and shown meanwhile. */
const MOST_HELD = 20;

const NOTHING: SearchView = { query: '', found: [], state: 'idle', way: 'words', refused: '', more: false };

/** Searches all chats: what is held here at once, and what the server has as soon as it answers. */
export function createMessageSearch({ ask, store, clock }: MessageSearchOptions): MessageSearch {
  const view = settable(NOTHING);
  let callOff: (() => void) | undefined;
  let next: string | undefined;

  async function read(): Promise<void> {
    const { query } = view.get();
    const isFirst = next === undefined;
    try {
      const page = await ask(inLocalDays(query), next === undefined ? {} : { cursor: next });
      if (view.get().query !== query) return;
      next = page.next ?? undefined;
      const found = page.results.map(({ message, highlights }) => foundOf(message, highlights));
      const before = isFirst ? [] : view.get().found;
      const known = new Set(before.map(({ key }) => key));
      view.set({
        query,
        found: [...before, ...found.filter(({ key }) => !known.has(key))],
        state: 'found',
        way: page.way,
        refused: '',
        more: next !== undefined,
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (view.get().query === query) view.set({ ...view.get(), ...failureOf(error) });
    }
  }

  return {
    get: view.get,
    watch: view.watch,
    type(text) {
      const query = text.trim();
      if (query === view.get().query) return;
      callOff?.();
      next = undefined;
      if (query === '') {
        view.set(NOTHING);
        return;
      }
      const parsed = parseSearchQuery(query);
      if (isProblem(parsed)) {
        view.set({ ...NOTHING, query, state: 'refused', refused: parsed.filter });
        return;
      }
      view.set({ ...NOTHING, query, found: heldHere(store, query), state: 'searching' });
      callOff = clock.after(PAUSE_MS, () => void read());
    },
    goOn() {
      const { state, more } = view.get();
      if (state !== 'failed' && !more) return;
      view.set({ ...view.get(), state: 'searching', more: false });
      void read();
    },
    close() {
      callOff?.();
      view.set(NOTHING);
    },
  };
}

function failureOf({ code, problem }: ApiError): Partial<SearchView> {
  if (code !== 'invalid_input') return { state: 'failed', more: false };
  const [refused = ''] = (problem.errors?.[0]?.msg ?? '').split(' – ');
  return { found: [], state: 'refused', refused, more: false };
}

type Told = Pick<Message, 'chat_id' | 'id' | 'sender_id' | 'created_at' | 'text'>;

function foundOf(message: Told, highlights: readonly Highlight[]): Found {
  const { chat_id: chatId, id: messageId, sender_id: senderId, created_at: at, text } = message;
  return { key: `${chatId}-${messageId}`, chatId, messageId, senderId, at, pieces: excerptOf(text, highlights) };
}

/** The newest messages held here that hold all words as they were typed; none where there are filters to be asked of. */
function heldHere(store: MessageSearchOptions['store'], query: string): Found[] {
  const parsed = parseSearchQuery(query);
  if (isProblem(parsed) || parsed.terms.length === 0) return [];
  const { terms, from, in: chats, has, before, after } = parsed;
  if (from.length + chats.length + has.length > 0 || before !== undefined || after !== undefined) return [];
  const wanted = terms.map(({ text }) => text.toLowerCase());
  return store
    .inbox()
    .flatMap(({ id }) => store.messages(id)?.runs.flat() ?? [])
    .filter(({ text, deleted_at: deletedAt }) => {
      const shown = withoutHidden(text).toLowerCase();
      return deletedAt === null && wanted.every((word) => shown.includes(word));
    })
    .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1))
    .slice(0, MOST_HELD)
    .map((message) => foundOf(message, placesOf(message.text, wanted)));
}

/** Where words stand in a text, in characters. */
function placesOf(text: string, wanted: readonly string[]): { start: number; end: number }[] {
  const lower = text.toLowerCase();
  const places = wanted
    .map((word) => ({ word, at: lower.indexOf(word) }))
    .filter(({ at }) => at >= 0)
    .map(({ word, at }) => {
      const start = Array.from(lower.slice(0, at)).length;
      return { start, end: start + Array.from(word).length };
    })
    .toSorted((a, b) => a.start - b.start);
  return places.filter(({ start }, index) => start >= (places[index - 1]?.end ?? 0));
}

/** Days of the query begin at the reader's midnight. */
function inLocalDays(query: string): string {
  return query.replaceAll(/\b(before|after):(\d{4}-\d{2}-\d{2})(?=\s|$)/gi, (whole, name: string, day: string) => {
    const midnight = new Date(`${day}T00:00`);
    return Number.isNaN(midnight.getTime()) ? whole : `${name}:${midnight.toISOString()}`;
  });
}
