import type { KeptTexts } from './kept-texts.ts';
import { settable } from './watched.ts';

/** What was written and not sent, by chat. */
export interface Drafts {
  of(chatId: number): string;
  write(chatId: number, text: string): void;
  /** By chat: all of the user's that are not empty. The same object until one changes. */
  all: () => ReadonlyMap<number, string>;
  watch: (listener: () => void) => () => void;
  /** Another tab has written. */
  reread(): void;
}

/** What the names of drafts begin with; the user and the chat follow. */
export const DRAFT = 'draft ';

/** @param self whose they are: who signs in after somebody else sees nothing of theirs. */
export function createDrafts(kept: KeptTexts, self: () => number): Drafts {
  const drafts = settable(find());
  const none: ReadonlyMap<number, string> = new Map();

  function find(): Map<number, Map<number, string>> {
    const found = new Map<number, Map<number, string>>();
    for (const name of kept.names()) {
      const text = name.startsWith(DRAFT) ? kept.get(name) : undefined;
      const [user, chatId] = name.slice(DRAFT.length).split(' ').map(Number);
      if (text === undefined || user === undefined || chatId === undefined) continue;
      found.set(user, new Map(found.get(user)).set(chatId, text));
    }
    return found;
  }

  const own = (): ReadonlyMap<number, string> => drafts.get().get(self()) ?? none;
  return {
    of: (chatId) => own().get(chatId) ?? '',
    write(chatId, text) {
      const empty = text.trim() === '';
      if (text === (own().get(chatId) ?? '') || (empty && !own().has(chatId))) return;
      kept.set(`${DRAFT}${self()} ${chatId}`, empty ? undefined : text);
      const next = new Map(own());
      if (empty) next.delete(chatId);
      else next.set(chatId, text);
      drafts.set(new Map(drafts.get()).set(self(), next));
    },
    all: own,
    watch: drafts.watch,
    reread: () => drafts.set(find()),
  };
}
