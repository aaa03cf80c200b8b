import { PRESENCE_TOLD, type OnlineFrame, type PresenceFrame, type UserPresence } from '@beseda/protocol/presence.ts';
import type { Stopwatch } from '../clock.ts';
import type { Listener } from './listeners.ts';
import { createPaced, type Paced } from './paced.ts';
import type { Rosters } from './rosters.ts';

/** Milliseconds between two tellings of one user, and of how many are online in one large chat, at least. */
export const TELLING_MS = 10_000;

/** Users named in one frame at most. */
const USERS_OF_ONE_FRAME = 200;

/** Tells those who listen here who comes and goes. */
export interface PresenceTelling {
  /**
   * A user is online now and was not, or is not any more.
   *
   * @param seenAt when they were last, in milliseconds; null where that is not to be told.
   */
  changed(userId: number, seenAt: number | null): void;
  /** A user has come into a chat, or gone from it. */
  moved(chatId: number, userId: number, how: 'in' | 'out'): void;
  /** How many are online in a large chat, as those who listen to it were told. */
  count(chatId: number): number;
  /** Nobody here listens to the chat any more. */
  drop(chatId: number): void;
}

export interface PresenceTellingOptions {
  rosters: Rosters;
  isOnline: (userId: number) => boolean;
  /** Whether a user may see others. */
  sees: (userId: number) => boolean;
  listenersOf: (chatId: number) => Iterable<Listener>;
  encode: (frame: PresenceFrame | OnlineFrame) => Buffer;
  stopwatch: Stopwatch;
  /** Runs something at the end of the turn of the event loop. */
  afterTurn: (act: () => void) => void;
}

/** A user who was told of in the last seconds, or is to be. */
interface Recent {
  /** What was told last. */
  online: boolean;
  toldAt: number;
  seenAt: number | null;
}

interface Counted {
  told: number;
  paced: Paced;
}

export function createPresenceTelling(options: PresenceTellingOptions): PresenceTelling {
  const { rosters, isOnline, sees, listenersOf, encode, stopwatch, afterTurn } = options;
  const recent = new Map<number, Recent>();
  const due = new Set<number>();
  /** Of whom it is not yet known whether they are in large chats. */
  let uncounted: number[] = [];
  const counts = new Map<number, Counted>();

  function countOf(chatId: number): number {
    let count = 0;
    for (const userId of rosters.of(chatId)?.members ?? []) if (isOnline(userId)) count += 1;
    return count;
  }

  function counted(chatId: number): Counted {
    const known = counts.get(chatId);
    if (known !== undefined) return known;
    const initial = countOf(chatId);
    const made: Counted = {
      told: initial,
      paced: createPaced({
        // Nobody was told yet, and whoever comes is told by themselves: the next change is the first.
        initial: -1,
        read: () => countOf(chatId),
        tell: (count) => tellCount(chatId, count),
        everyMs: () => TELLING_MS,
        stopwatch,
      }),
    };
    counts.set(chatId, made);
    return made;
  }

  function tellCount(chatId: number, count: number): void {
    const known = counts.get(chatId);
    if (known === undefined || known.told === count) return;
    known.told = count;
    const frame = encode({ type: 'online', chat_id: chatId, count });
    for (const listener of listenersOf(chatId)) if (listener.door === 'main') listener.deliver(frame);
  }

  function presenceOf(userId: number): UserPresence {
    const online = isOnline(userId);
    const seenAt = recent.get(userId)?.seenAt ?? null;
    return { user_id: userId, online, last_seen_at: online || seenAt === null ? null : new Date(seenAt).toISOString() };
  }

  /** Each socket gets all that is for it in one frame, and sockets that get the same get the same bytes. */
  function tell(userIds: readonly number[]): void {
    const bySocket = new Map<symbol, { listener: Listener; told: Set<number> }>();
    for (const userId of userIds) {
      for (const chatId of rosters.smallChatsOf(userId)) {
        for (const listener of listenersOf(chatId)) {
          if (listener.door !== 'main' || listener.userId === userId || !sees(listener.userId)) continue;
          const entry = bySocket.get(listener.origin) ?? { listener, told: new Set() };
          bySocket.set(listener.origin, entry);
          entry.told.add(userId);
        }
      }
    }
    const encoded = new Map<string, Buffer[]>();
    for (const { listener, told } of bySocket.values()) {
      const key = [...told].join();
      const frames = encoded.get(key) ?? presenceFrames([...told].map(presenceOf)).map(encode);
      encoded.set(key, frames);
      for (const frame of frames) listener.deliver(frame);
    }
  }

  function tellDue(): void {
    const now = stopwatch.elapsed();
    const told: number[] = [];
    for (const userId of due) {
      const entry = recent.get(userId);
      if (entry === undefined || now < entry.toldAt + TELLING_MS) continue;
      if (entry.online !== isOnline(userId)) {
        entry.online = isOnline(userId);
        entry.toldAt = now;
        told.push(userId);
        stopwatch.later(TELLING_MS, () => look(userId));
      } else recent.delete(userId);
    }
    due.clear();
    countAnew();
    if (told.length > 0) tell(told);
  }

  function countAnew(): void {
    const changed = uncounted;
    uncounted = [];
    for (const chatId of changed.length > 0 ? rosters.largeChats() : []) {
      const members = rosters.of(chatId)?.members;
      if (changed.some((userId) => members?.has(userId) === true)) counts.get(chatId)?.paced.look();
    }
  }

  /** A user who was told of long enough ago is told of again, if there is something to tell. */
  function look(userId: number): void {
    if (due.size === 0) afterTurn(tellDue);
    due.add(userId);
  }

  return {
    changed(userId, seenAt) {
      const entry = recent.get(userId);
      if (entry === undefined)
        recent.set(userId, { online: !isOnline(userId), toldAt: Number.NEGATIVE_INFINITY, seenAt });
      else entry.seenAt = seenAt;
      uncounted.push(userId);
      look(userId);
    },
    moved(chatId, userId, how) {
      const size = rosters.of(chatId)?.members.size ?? 0;
      if (size > PRESENCE_TOLD.maxMembers) {
        counted(chatId).paced.look();
        return;
      }
      if (how === 'out' || !isOnline(userId)) return;
      const frame = encode({ type: 'presence', users: [presenceOf(userId)] });
      for (const listener of listenersOf(chatId)) {
        if (listener.door === 'main' && listener.userId !== userId && sees(listener.userId)) listener.deliver(frame);
      }
    },
    count: (chatId) => counted(chatId).told,
    drop: (chatId) => counts.delete(chatId),
  };
}

/** Frames that tell of users, each of a bounded number. */
export function presenceFrames(users: readonly UserPresence[]): PresenceFrame[] {
  const frames: PresenceFrame[] = [];
  for (let from = 0; from < users.length; from += USERS_OF_ONE_FRAME) {
    frames.push({ type: 'presence', users: users.slice(from, from + USERS_OF_ONE_FRAME) });
  }
  return frames;
}
