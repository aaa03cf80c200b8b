import type { HoldLimits, Stretch } from './holding.ts';

/** What a view shows of a chat: it is held as long as it is shown. */
export interface Showing {
  /** These messages are on the screen, or near it. */
  set(low: number, high: number): void;
  /** Nothing of the chat is shown any more. */
  end(): void;
}

/** Where in which chats one reads. */
export interface Places {
  show(chatId: number): Showing;
  /** A page of the chat was read. */
  read(chatId: number, page: Stretch): void;
  /** What is shown of a chat. */
  shown(chatId: number): readonly Stretch[];
  /** Where it was read last; undefined: not lately. */
  near(chatId: number): Stretch | undefined;
}

/** @param changed less of a chat may be held now. */
export function createPlaces({ chats }: Pick<HoldLimits, 'chats'>, changed: (chatId: number) => void): Places {
  const showings = new Map<number, Set<{ stretch: Stretch | undefined }>>();
  /** The chat that was read last is the last. */
  const lately = new Map<number, Stretch>();

  function note(chatId: number, stretch: Stretch): void {
    lately.delete(chatId);
    lately.set(chatId, stretch);
    const others = [...lately.keys()].filter((id) => !showings.has(id));
    for (const id of others.slice(0, Math.max(0, others.length - chats))) {
      lately.delete(id);
      changed(id);
    }
  }

  return {
    show(chatId) {
      const mine: { stretch: Stretch | undefined } = { stretch: undefined };
      showings.set(chatId, (showings.get(chatId) ?? new Set()).add(mine));
      return {
        set(low, high) {
          if (mine.stretch?.low === low && mine.stretch.high === high) return;
          mine.stretch = { low, high };
          note(chatId, mine.stretch);
          changed(chatId);
        },
        end() {
          const others = showings.get(chatId);
          others?.delete(mine);
          if (others?.size === 0) showings.delete(chatId);
          if (mine.stretch !== undefined) note(chatId, mine.stretch);
        },
      };
    },
    read: note,
    shown: (chatId) => [...(showings.get(chatId) ?? [])].flatMap(({ stretch }) => stretch ?? []),
    near: (chatId) => lately.get(chatId),
  };
}
