import { ApiError } from '../api-error.ts';
import type { Clock } from '../clock.ts';
import type { MessageFile } from '@beseda/protocol/files.ts';
import { backoff } from '../live/backoff.ts';
import { fits } from '../parse.ts';
import { hasMore, mayHaveLeft, refusal, shown, type Entry } from './entry.ts';
import { followUp, type FollowUps } from './follow-up.ts';
import { Outgoing } from './outgoing.ts';
import type { QueueStorage } from './queue-storage.ts';

/** Messages on their way: kept until each is stored once, in the order in which they were written in each chat. */
export interface SendQueue {
  /** Takes up what was kept of this user; again, for another one. */
  begin(userId: number): Promise<void>;
  /** Those of a chat that are not in its history yet, oldest first, with their latest texts. */
  of(chatId: number): readonly Outgoing[];
  /** Whether anything of a chat is under way still, be it to be taken back. */
  waitsIn(chatId: number): boolean;
  get(clientId: string): Outgoing | undefined;
  /** Settles once the message is kept; sending goes on by itself. */
  add(message: {
    chat_id: number;
    text: string;
    reply_to: number | null;
    files?: MessageFile[] | undefined;
  }): Promise<Outgoing>;
  /** Gives a message on its way another text: before it leaves, or after it has arrived. False: it is not here. */
  edit(clientId: string, text: string): Promise<boolean>;
  /** Takes a message back: if it may have left already, it is deleted once it is known to be stored. */
  drop(clientId: string): Promise<boolean>;
  /** Reacts to a message on its way; told to the server after the message. */
  react(clientId: string, emoji: string, on: boolean): Promise<boolean>;
  /** Sends a message again that was refused, as the last of its chat. */
  retry(clientId: string): Promise<boolean>;
  /** One of the user's own messages has come from the server. */
  stored(clientId: string, messageId: number): void;
  /** All of a chat has come that was stored until now. */
  caughtUp(chatId: number): void;
  /** Whether there is a connection to send through. */
  setLive(live: boolean): void;
  /** Forgets everything of this user. */
  clear(): Promise<void>;
}

export interface SendQueueOptions extends FollowUps {
  storage: QueueStorage;
  /** Sends a message; it is stored once this settles. */
  deliver: (item: Outgoing) => Promise<{ message_id: number }>;
  /** Whether the chat shows this message already. */
  held: (chatId: number, messageId: number) => boolean;
  clock: Clock;
  random: () => number;
  uuid: () => string;
  /** What {@link SendQueue.of} gives for a chat has changed. */
  changed: (chatId: number) => void;
  /** Something could not be done and nobody waits for it: the storage failed, or what was to follow a message. */
  onProblem: (error: unknown) => void;
}

/** Stands where nothing is waited for, and so nothing can be called off. */
const UNDER_WAY = (): void => {};

export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { storage, clock, random } = options;
  let userId = 0;
  let live = false;
  let nextOrder = 0;
  const entries = new Map<string, Entry>();
  /** Chats for which something is under way or waited for, with what calls the waiting off. */
  const busy = new Map<number, () => void>();
  let writes: Promise<unknown> = Promise.resolve();

  async function write(act: () => Promise<void>): Promise<void> {
    const done = writes.then(act);
    writes = done.catch(() => undefined);
    return done;
  }

  async function keep({ item }: Entry): Promise<void> {
    const copy = structuredClone(item);
    storage.note?.(copy);
    return write(async () => storage.put(copy));
  }

  async function forget(clientId: string): Promise<void> {
    try {
      await write(async () => storage.remove(clientId));
    } catch (error) {
      // It is sent once more after a restart, which the server answers with the first message.
      options.onProblem(error);
    }
  }

  async function change(entry: Entry, changes: Partial<Outgoing>): Promise<void> {
    entry.item = { ...entry.item, ...changes };
    options.changed(entry.item.chat_id);
    await keep(entry);
    pump(entry.item.chat_id);
  }

  function removeEntry(entry: Entry): void {
    entries.delete(entry.item.client_id);
    options.changed(entry.item.chat_id);
  }

  /** The message is stored and all that was to follow is done. */
  function settle(entry: Entry): void {
    void forget(entry.item.client_id);
    // Until the message itself has come, this is what stands for it in the chat.
    if (entry.seen) removeEntry(entry);
  }

  function known(entry: Entry, messageId: number): void {
    if (entry.item.message_id !== null || entries.get(entry.item.client_id) !== entry) return;
    entry.item = { ...entry.item, message_id: messageId, failure: null };
    if (options.held(entry.item.chat_id, messageId)) entry.seen = true;
    if (hasMore(entry)) void keep(entry).catch(options.onProblem);
    else settle(entry);
    options.changed(entry.item.chat_id);
  }

  function inOrder(chatId: number): Entry[] {
    return [...entries.values()]
      .filter(({ item }) => item.chat_id === chatId)
      .toSorted((a, b) => a.item.order - b.item.order);
  }

  function pump(chatId: number): void {
    if (!live || busy.has(chatId)) return;
    const next = inOrder(chatId).find(
      (entry) => entry.item.failure === null && (entry.item.message_id === null || hasMore(entry)),
    );
    // One that is not kept yet is waited for: those after it must not overtake it.
    if (next === undefined || !next.kept) return;
    busy.set(chatId, UNDER_WAY);
    void goOn(next);
  }

  async function goOn(entry: Entry): Promise<void> {
    try {
      await work(entry);
      busy.delete(entry.item.chat_id);
      pump(entry.item.chat_id);
    } catch (error) {
      pause(entry, error);
    }
  }

  async function work(entry: Entry): Promise<void> {
    if (entry.item.message_id === null) {
      entry.attempted = true;
      entry.tries += 1;
      const { message_id } = await options.deliver(entry.item);
      known(entry, message_id);
      return;
    }
    await followUp(entry, entry.item.message_id, options, options.onProblem);
    if (!hasMore(entry)) settle(entry);
  }

  function pause(entry: Entry, error: unknown): void {
    const chatId = entry.item.chat_id;
    const refused = refusal(entry, error);
    // What was cut off goes on once there is a connection again.
    if (!live || entries.get(entry.item.client_id) !== entry) {
      busy.delete(chatId);
      pump(chatId);
      return;
    }
    if (refused !== undefined && entry.item.message_id === null) {
      busy.delete(chatId);
      entry.tries = 0;
      if (entry.item.dropped) {
        void forget(entry.item.client_id);
        removeEntry(entry);
        pump(chatId);
      } else void change(entry, { failure: refused }).catch(options.onProblem);
      return;
    }
    const problem = error instanceof ApiError ? error.problem : undefined;
    const callOff = clock.after(backoff(Math.max(entry.tries, 1), random, problem?.retry_after), () => {
      busy.delete(chatId);
      pump(chatId);
    });
    busy.set(chatId, callOff);
  }

  const here = (clientId: string): Entry | undefined => {
    const entry = entries.get(clientId);
    return entry === undefined || (entry.seen && !hasMore(entry)) ? undefined : entry;
  };

  async function takeUp(): Promise<void> {
    const user = userId;
    for (const item of await storage.load()) {
      if (user !== userId || !fits(Outgoing, item) || item.sender_id !== user || entries.has(item.client_id)) continue;
      // Whether a message of an earlier run has reached the server, nobody here knows.
      entries.set(item.client_id, { item, kept: true, attempted: true, seen: false, tries: 0 });
      nextOrder = Math.max(nextOrder, item.order + 1);
      options.changed(item.chat_id);
    }
    for (const { item } of entries.values()) pump(item.chat_id);
  }

  storage.onMore?.(() => {
    if (userId !== 0) takeUp().catch(options.onProblem);
  });

  return {
    async begin(user) {
      if (user === userId) return;
      userId = user;
      for (const { item } of entries.values()) options.changed(item.chat_id);
      entries.clear();
      await takeUp();
    },
    waitsIn: (chatId) => inOrder(chatId).length > 0,
    of: (chatId) =>
      inOrder(chatId)
        .filter(({ item, seen }) => !seen && !item.dropped)
        .map(shown),
    get: (clientId) => entries.get(clientId)?.item,
    async add({ chat_id, text, reply_to, files }) {
      const item: Outgoing = {
        client_id: options.uuid(),
        sender_id: userId,
        chat_id,
        order: nextOrder,
        text,
        reply_to,
        ...(files === undefined ? {} : { files }),
        created_at: new Date(clock.now()).toISOString(),
        failure: null,
        message_id: null,
        edited: null,
        dropped: false,
        reactions: [],
      };
      nextOrder += 1;
      const entry: Entry = { item, kept: false, attempted: false, seen: false, tries: 0 };
      entries.set(item.client_id, entry);
      options.changed(chat_id);
      try {
        await keep(entry);
      } catch (error) {
        removeEntry(entry);
        pump(chat_id);
        throw error;
      }
      entry.kept = true;
      pump(chat_id);
      return item;
    },
    async edit(clientId, text) {
      const entry = here(clientId);
      if (entry === undefined) return false;
      await change(entry, mayHaveLeft(entry) ? { edited: text === entry.item.text ? null : text } : { text });
      return true;
    },
    async drop(clientId) {
      const entry = here(clientId);
      if (entry === undefined) return false;
      if (mayHaveLeft(entry)) await change(entry, { dropped: true, failure: null });
      else {
        removeEntry(entry);
        await forget(clientId);
        pump(entry.item.chat_id);
      }
      return true;
    },
    async react(clientId, emoji, on) {
      const entry = here(clientId);
      if (entry === undefined) return false;
      const others = entry.item.reactions.filter((one) => one !== emoji);
      await change(entry, { reactions: on ? [...others, emoji] : others });
      return true;
    },
    async retry(clientId) {
      const entry = here(clientId);
      if (entry === undefined || entry.item.failure === null) return false;
      nextOrder += 1;
      await change(entry, { failure: null, order: nextOrder - 1 });
      return true;
    },
    stored(clientId, messageId) {
      const entry = entries.get(clientId);
      if (entry === undefined) return;
      entry.seen = true;
      known(entry, messageId);
      if (!hasMore(entry)) removeEntry(entry);
      pump(entry.item.chat_id);
    },
    caughtUp(chatId) {
      for (const entry of inOrder(chatId)) {
        if (entry.item.message_id === null) continue;
        entry.seen = true;
        if (hasMore(entry)) options.changed(chatId);
        else removeEntry(entry);
      }
    },
    setLive(now) {
      live = now;
      if (!live) {
        for (const [chatId, wait] of busy) {
          if (wait === UNDER_WAY) continue;
          wait();
          busy.delete(chatId);
        }
        return;
      }
      for (const { item } of entries.values()) pump(item.chat_id);
    },
    async clear() {
      const gone = [...entries.values()];
      entries.clear();
      for (const callOff of busy.values()) callOff();
      busy.clear();
      for (const { item } of gone) {
        options.changed(item.chat_id);
        await forget(item.client_id);
      }
      userId = 0;
    },
  };
}
