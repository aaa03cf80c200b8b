/** What of the store one may watch. */
export type Topic =
  /** Which chats there are, in which order, and what the list shows of each. */
  | { of: 'inbox' }
  /** A chat without its messages: name, marks, counts. */
  | { of: 'chat'; chatId: number }
  /** Who is in a chat. */
  | { of: 'members'; chatId: number }
  /** All messages of a chat, those on their way included. */
  | { of: 'messages'; chatId: number }
  /** The pinned messages of a chat. */
  | { of: 'pins'; chatId: number }
  | { of: 'message'; chatId: number; messageId: number }
  /** Who types in a chat. */
  | { of: 'typing'; chatId: number }
  /** How many members of a large group are online. */
  | { of: 'online'; chatId: number }
  /** Whether someone is online. */
  | { of: 'presence'; userId: number };

export interface Topics {
  /** Calls back after each change of the topic. Returns what ends that. */
  watch(topic: Topic, listener: () => void): () => void;
  /** Says that a topic has changed; its watchers are told once, when the schedule has it. */
  touch(topic: Topic): void;
}

/** @param schedule calls back soon, once for all changes of the meantime: a microtask, or the next frame of a screen. */
export function createTopics(schedule: (tell: () => void) => void): Topics {
  const listeners = new Map<string, Set<() => void>>();
  const touched = new Set<string>();

  function tell(): void {
    const told = new Set<() => void>();
    for (const key of touched) for (const listener of listeners.get(key) ?? []) told.add(listener);
    touched.clear();
    for (const listener of told) listener();
  }

  return {
    watch(topic, listener) {
      const key = keyOf(topic);
      // One and the same function may watch twice.
      const own = (): void => listener();
      const watching = listeners.get(key) ?? new Set();
      listeners.set(key, watching.add(own));
      return () => {
        watching.delete(own);
        if (watching.size === 0 && listeners.get(key) === watching) listeners.delete(key);
      };
    },
    touch(topic) {
      const key = keyOf(topic);
      if (!listeners.has(key)) return;
      if (touched.size === 0) schedule(tell);
      touched.add(key);
    },
  };
}

function keyOf(topic: Topic): string {
  switch (topic.of) {
    case 'inbox':
      return topic.of;
    case 'chat':
    case 'members':
    case 'messages':
    case 'pins':
    case 'typing':
    case 'online':
      return `${topic.of} ${topic.chatId}`;
    case 'message':
      return `${topic.of} ${topic.chatId} ${topic.messageId}`;
    case 'presence':
      return `${topic.of} ${topic.userId}`;
  }
}
