import type { Client } from '@beseda/client/client.ts';
import type { Clock } from '@beseda/client/clock.ts';
import type { ChatSnapshot, KeptMessages } from '@beseda/client/store/snapshot.ts';
import type { User } from '@beseda/protocol/users.ts';
import { pinnedFirst } from './chat-list.ts';
import type { People } from './people.ts';

/** What is written at once. */
export interface KeptChanges {
  chats: readonly ChatSnapshot[];
  /** Chats that are not kept any more. */
  gone: readonly number[];
  people: readonly User[];
}

/** What is read before anything is drawn. */
export interface Kept {
  snapshot: unknown;
  people: readonly unknown[];
  messages: readonly KeptMessages[];
}

/** Where chats outlast the page. */
export interface KeptChats {
  /**
   * What was kept for a user: the chats, with the newest message of each and all of one of them. The snapshot is checked
   * before it is used, and undefined where nothing is kept.
   */
  load(userId: number, openChat: number | undefined): Promise<Kept>;
  /** The other messages of some chats. */
  messages(userId: number, chatIds: readonly number[]): Promise<readonly KeptMessages[]>;
  /** Replaces what is kept of these, and forgets what was kept for anyone else. */
  save(userId: number, changes: KeptChanges): Promise<void>;
  /** Forgets everything of everyone. */
  clear(): Promise<void>;
}

/** The chats that are kept: the pinned ones, and those with the latest activity. */
export const KEPT_CHATS = 200;

/** The newest messages that are kept of each: more than any screen shows at once. */
export const KEPT_MESSAGES = 50;

/** Changes of this long are written together, in milliseconds. */
const TOGETHER_MS = 500;

/** Chats that are written in one turn, so that none is long: with all their messages 20 take some milliseconds. */
export const AT_ONCE = 20;

export interface KeepingChats {
  /** Writes what has changed, without waiting any longer: the page may be about to end. */
  flush(): Promise<void>;
  /** What was kept has been cleared away: it is kept anew once somebody is signed in. */
  forgotten(): void;
}

/**
 * Writes chats as they change, a while later and together.
 *
 * @param recalled settles once all that was kept is held again: before, it would be written over by less.
 * @param onProblem hears why something could not be written; it is tried again with the next change.
 */
export function keepChats(
  client: Pick<Client, 'store' | 'userId' | 'state'>,
  people: Pick<People, 'all' | 'watch'>,
  kept: Pick<KeptChats, 'save'>,
  clock: Clock,
  recalled: Promise<void>,
  onProblem: (problem: unknown) => void,
): KeepingChats {
  const { store } = client;
  const watched = new Map<number, () => void>();
  const due = new Set<number>();
  /** Those that are in the storage now. */
  let written = new Set<number>();
  let writtenPeople = new Map(people.all().map((person): [number, User] => [person.id, person]));
  let owner = client.userId;
  let callOff: (() => void) | undefined;
  let mayWrite = false;

  function later(): void {
    callOff ??= clock.after(TOGETHER_MS, () => void write(AT_ONCE));
  }

  function follow(): void {
    const present = new Set(store.inbox().map(({ id }) => id));
    for (const [chatId, stop] of watched) {
      if (present.has(chatId)) continue;
      stop();
      watched.delete(chatId);
    }
    for (const chatId of present) {
      if (watched.has(chatId)) continue;
      const changed = (): void => {
        due.add(chatId);
        later();
      };
      const stops = (['chat', 'messages', 'members'] as const).map((of) => store.watch({ of, chatId }, changed));
      watched.set(chatId, () => stops.forEach((stop) => stop()));
      due.add(chatId);
    }
    later();
  }

  /** @param most so many chats at most; the others follow in turns of their own. */
  async function write(most: number): Promise<void> {
    callOff?.();
    callOff = undefined;
    const { userId } = client;
    if (userId !== owner) {
      written = new Set();
      writtenPeople = new Map();
      owner = userId;
    }
    if (!mayWrite || userId === 0 || client.state.name === 'signed out') return;
    const wanted = pinnedFirst(store.inbox()).slice(0, KEPT_CHATS);
    const ids = new Set(wanted.map(({ id }) => id));
    const chats: ChatSnapshot[] = [];
    let more = false;
    for (const id of [...ids].filter((chatId) => due.has(chatId) || !written.has(chatId))) {
      more = chats.length === most;
      if (more) break;
      due.delete(id);
      const chat = store.snapshotChat(id, KEPT_MESSAGES);
      if (chat !== undefined) chats.push(chat);
    }
    const gone = [...written].filter((id) => !ids.has(id));
    const learnt = people.all().filter((person) => writtenPeople.get(person.id) !== person);
    if (chats.length === 0 && gone.length === 0 && learnt.length === 0) return;
    for (const { id } of chats) written.add(id);
    for (const id of gone) written.delete(id);
    for (const person of learnt) writtenPeople.set(person.id, person);
    try {
      await kept.save(userId, { chats, gone, people: learnt });
    } catch (error) {
      for (const { id } of chats) due.add(id);
      for (const id of gone) written.add(id);
      for (const person of learnt) writtenPeople.delete(person.id);
      onProblem(error);
      return;
    }
    if (more) callOff ??= clock.after(0, () => void write(AT_ONCE));
  }

  async function begin(): Promise<void> {
    await recalled;
    mayWrite = true;
    later();
  }

  for (const { id } of store.inbox()) written.add(id);
  store.watch({ of: 'inbox' }, follow);
  people.watch(later);
  follow();
  due.clear();
  void begin();
  return {
    flush: async () => write(Infinity),
    forgotten() {
      written = new Set();
      writtenPeople = new Map();
    },
  };
}
