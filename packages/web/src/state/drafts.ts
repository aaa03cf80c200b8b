import type { KeptTexts } from './kept-texts.ts';
import { settable } from './watched.ts';

/** What was written and not sent, by chat. */
export interface Drafts {
  of(chatId: number): string;
  write(chatId: number, text: string): void;
  /** By chat: all that are not empty. The same object until one changes. */
  all: () => ReadonlyMap<number, string>;
  watch: (listener: () => void) => () => void;
}

const PREFIX = 'draft ';

export function createDrafts(kept: KeptTexts): Drafts {
  const found = kept.names().flatMap((name): [number, string][] => {
    const text = name.startsWith(PREFIX) ? kept.get(name) : undefined;
    return text === undefined ? [] : [[Number(name.slice(PREFIX.length)), text]];
  });
  const drafts = settable<ReadonlyMap<number, string>>(new Map(found));
  return {
    of: (chatId) => drafts.get().get(chatId) ?? '',
    write(chatId, text) {
      const empty = text.trim() === '';
      if (text === (drafts.get().get(chatId) ?? '') || (empty && !drafts.get().has(chatId))) return;
      kept.set(`${PREFIX}${chatId}`, empty ? undefined : text);
      const next = new Map(drafts.get());
      if (empty) next.delete(chatId);
      else next.set(chatId, text);
      drafts.set(next);
    },
    all: drafts.get,
    watch: drafts.watch,
  };
}
