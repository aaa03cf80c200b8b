import type { Clock } from './clock.ts';
import type { Connection } from './live/connection.ts';

/** What is told holds for 6 s (TY1): it is told again when this much of it is over. In milliseconds. */
const RENEWED_AFTER_MS = 4000;

/** Tells that the user types. */
export interface OwnTyping {
  /** May be called at each key: few frames come of it. */
  set(chatId: number, on: boolean): void;
  /** A message, or the end of the connection, ends it. */
  ended(chatId: number): void;
  disconnected(): void;
}

export function createOwnTyping(tell: Connection['tell'], clock: Clock): OwnTyping {
  /** When it was told, by chat. */
  const told = new Map<number, number>();
  return {
    set(chatId, on) {
      const last = told.get(chatId);
      if (on && last !== undefined && clock.now() - last < RENEWED_AFTER_MS) return;
      if (!on && last === undefined) return;
      tell({ type: 'typing', chat_id: chatId, on });
      if (on) told.set(chatId, clock.now());
      else told.delete(chatId);
    },
    ended(chatId) {
      told.delete(chatId);
    },
    disconnected() {
      told.clear();
    },
  };
}
