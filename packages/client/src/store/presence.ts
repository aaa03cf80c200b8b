import type { OnlineFrame, PresenceFrame, TypingFrame } from '@beseda/protocol/presence.ts';
import type { Clock } from '../clock.ts';
import type { Topic } from './topics.ts';

/** Without news for so long, nobody types (TY2). In milliseconds. */
const TYPING_HOLDS_MS = 8000;

/** Others who type in a chat. */
export interface Typing {
  /** The first of them. */
  readonly user_ids: readonly number[];
  readonly count: number;
}

/** Whether someone is online, as far as one may know. */
export interface Presence {
  readonly online: boolean;
  /** When they were last; null: they are, or it is not known. */
  readonly last_seen_at: string | null;
}

const NOBODY: Typing = { user_ids: [], count: 0 };
const OFFLINE: Presence = { online: false, last_seen_at: null };

/** What is true for the moment, and is not kept. */
export interface Presences {
  typing(chatId: number): Typing;
  of(userId: number): Presence;
  /** How many members of a large group are online; undefined where that is not told. */
  onlineCount(chatId: number): number | undefined;
  apply(frame: TypingFrame | PresenceFrame | OnlineFrame, self: number): void;
  /** Who has sent a message types no more. */
  wrote(chatId: number, userId: number): void;
  /** Nothing is known without a connection. */
  clear(): void;
}

export function createPresences(clock: Clock, touch: (topic: Topic) => void): Presences {
  const typing = new Map<number, { now: Typing; callOff: () => void }>();
  const people = new Map<number, Presence>();
  const counts = new Map<number, number>();

  function setTyping(chatId: number, now: Typing): void {
    const before = typing.get(chatId);
    before?.callOff();
    if (now.count === 0) typing.delete(chatId);
    else typing.set(chatId, { now, callOff: clock.after(TYPING_HOLDS_MS, () => setTyping(chatId, NOBODY)) });
    if (now.count > 0 || before !== undefined) touch({ of: 'typing', chatId });
  }

  function without(now: Typing, userId: number): Typing {
    if (!now.user_ids.includes(userId)) return now;
    return { user_ids: now.user_ids.filter((id) => id !== userId), count: now.count - 1 };
  }

  return {
    typing: (chatId) => typing.get(chatId)?.now ?? NOBODY,
    of: (userId) => people.get(userId) ?? OFFLINE,
    onlineCount: (chatId) => counts.get(chatId),
    apply(frame, self) {
      switch (frame.type) {
        case 'typing':
          setTyping(frame.chat_id, without({ user_ids: frame.user_ids, count: frame.count }, self));
          break;
        case 'presence':
          for (const { user_id: userId, online, last_seen_at } of frame.users) {
            people.set(userId, { online, last_seen_at });
            touch({ of: 'presence', userId });
          }
          break;
        case 'online':
          counts.set(frame.chat_id, frame.count);
          touch({ of: 'online', chatId: frame.chat_id });
      }
    },
    wrote(chatId, userId) {
      const now = typing.get(chatId)?.now;
      if (now !== undefined && now.user_ids.includes(userId)) setTyping(chatId, without(now, userId));
    },
    clear() {
      for (const chatId of typing.keys()) setTyping(chatId, NOBODY);
      const known = [...people.keys()];
      people.clear();
      for (const userId of known) touch({ of: 'presence', userId });
      const chatIds = [...counts.keys()];
      counts.clear();
      for (const chatId of chatIds) touch({ of: 'online', chatId });
    },
  };
}
