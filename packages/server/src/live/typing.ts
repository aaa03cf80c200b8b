import { PRESENCE_TOLD, TYPING_USERS, type TypingFrame } from '@beseda/protocol/presence.ts';
import type { Stopwatch } from '../clock.ts';
import type { Bridge, TypingNews } from './bridge.ts';
import type { Hub } from './hub.ts';
import { createPaced, type Paced } from './paced.ts';

/** How long, in milliseconds, a user types after having said so. */
export const TYPING_MS = 6000;

/** How long what another node said of its typists holds. */
const ELSEWHERE_MS = 8000;

/** How often, in milliseconds, it is told again who types, though it has not changed: clients forget after 8 s. */
const AGAIN_MS = 3000;

/** Milliseconds between two tellings in one chat at least: in one whose members are told of one by one, and in others. */
const SMALL_MS = 1000;
const LARGE_MS = 3000;

/** Users that one node names to others, of those who type in one chat. */
const NAMED = 200;

/** Who types where, over all nodes. Nothing of it is stored. */
export interface Typing {
  /** A user types at a device, or no longer does. */
  typed(chatId: number, userId: number, device: symbol, on: boolean): void;
  /** A user has sent a message: what they typed is out. */
  sent(chatId: number, userId: number): void;
  /** Nothing is typed at the device any more, in one chat or in all. */
  ended(device: symbol, chatId?: number): void;
  /** Who types in a chat at present; undefined where nobody does. */
  stateOf(chatId: number): TypingFrame | undefined;
}

export interface TypingOptions {
  /** Of this node. */
  id: string;
  hub: Pick<Hub, 'watch' | 'listenersOf' | 'versionOf'>;
  bridge: Pick<Bridge, 'tellTyping'>;
  encode: (frame: TypingFrame) => Buffer;
  /** How many are in a chat, where that is known. */
  sizeOf: (chatId: number) => number | undefined;
  stopwatch: Stopwatch;
}

interface TypedIn {
  /** By user, the devices at which they type, each with when that is over. */
  here: Map<number, Map<symbol, number>>;
  elsewhere: Map<string, { typing: number[]; count: number; until: number }>;
  toMembers: Paced;
  toNodes: Paced;
}

export function createTyping({ id, hub, bridge, encode, sizeOf, stopwatch }: TypingOptions): Typing {
  const chats = new Map<number, TypedIn>();

  const paceOf = (chatId: number): number => ((sizeOf(chatId) ?? 0) > PRESENCE_TOLD.maxMembers ? LARGE_MS : SMALL_MS);

  function typedIn(chatId: number): TypedIn {
    const known = chats.get(chatId);
    if (known !== undefined) return known;
    const pace = { initial: '', everyMs: () => paceOf(chatId), againMs: AGAIN_MS, stopwatch };
    const made: TypedIn = {
      here: new Map(),
      elsewhere: new Map(),
      toMembers: createPaced({
        ...pace,
        read: () => keyOf(all(made)),
        tell: () => tellMembers(chatId, all(made)),
      }),
      toNodes: createPaced({
        ...pace,
        read: () => keyOf(here(made)),
        tell: () => bridge.tellTyping(chatId, { node: id, ...here(made), after: hub.versionOf(chatId) ?? 0 }),
      }),
    };
    chats.set(chatId, made);
    return made;
  }

  function tellMembers(chatId: number, state: Typists): void {
    const frame = encode(frameOf(chatId, state));
    for (const listener of hub.listenersOf(chatId)) if (listener.door === 'main') listener.deliver(frame);
  }

  function look(chatId: number): void {
    const chat = chats.get(chatId);
    if (chat === undefined) return;
    chat.toMembers.look();
    chat.toNodes.look();
    if (chat.here.size + chat.elsewhere.size > 0) return;
    // Kept until it may be told of again, so that who types and stops in turns is told of no more often than others.
    if (chat.toMembers.rested() && chat.toNodes.rested()) chats.delete(chatId);
    else stopwatch.later(paceOf(chatId), () => look(chatId));
  }

  /** Ends what a user typed at a device, unless they have said meanwhile that they go on. */
  function expire(chatId: number, userId: number, device: symbol): void {
    stop(chatId, ({ here: typists }) => {
      const devices = typists.get(userId);
      const until = devices?.get(device);
      if (devices === undefined || until === undefined || until > stopwatch.elapsed()) return false;
      devices.delete(device);
      if (devices.size === 0) typists.delete(userId);
      return true;
    });
  }

  function expireElsewhere(chatId: number, node: string): void {
    stop(
      chatId,
      ({ elsewhere }) => (elsewhere.get(node)?.until ?? Infinity) <= stopwatch.elapsed() && elsewhere.delete(node),
    );
  }

  function stop(chatId: number, stops: (chat: TypedIn) => boolean): void {
    const chat = chats.get(chatId);
    if (chat !== undefined && stops(chat)) look(chatId);
  }

  function ended(device: symbol, chatId?: number): void {
    for (const one of chatId === undefined ? chats.keys() : [chatId]) {
      stop(one, (chat) => {
        let found = false;
        for (const [userId, devices] of chat.here) {
          if (!devices.delete(device)) continue;
          if (devices.size === 0) chat.here.delete(userId);
          found = true;
        }
        return found;
      });
    }
  }

  hub.watch({
    told({ chatId, frame }) {
      if (frame.type !== 'member' || frame.left_at === null) return;
      const { user_id: userId } = frame;
      stop(chatId, (chat) => {
        let found = chat.here.delete(userId);
        for (const other of chat.elsewhere.values()) {
          if (!other.typing.includes(userId)) continue;
          other.typing = other.typing.filter((typist) => typist !== userId);
          other.count -= 1;
          found = true;
        }
        return found;
      });
    },
    typed(chatId, { node, typing, count }: TypingNews) {
      const chat = typedIn(chatId);
      if (count === 0) chat.elsewhere.delete(node);
      else {
        chat.elsewhere.set(node, { typing, count, until: stopwatch.elapsed() + ELSEWHERE_MS });
        stopwatch.later(ELSEWHERE_MS, () => expireElsewhere(chatId, node));
      }
      look(chatId);
    },
    closed: (chatId) => chats.delete(chatId),
  });

  return {
    typed(chatId, userId, device, on) {
      if (!on) {
        ended(device, chatId);
        return;
      }
      const { here: typists } = typedIn(chatId);
      const devices = typists.get(userId) ?? new Map<symbol, number>();
      typists.set(userId, devices.set(device, stopwatch.elapsed() + TYPING_MS));
      stopwatch.later(TYPING_MS, () => expire(chatId, userId, device));
      look(chatId);
    },
    sent: (chatId, userId) => stop(chatId, (chat) => chat.here.delete(userId)),
    ended,
    stateOf(chatId) {
      const chat = chats.get(chatId);
      const state = chat === undefined ? undefined : all(chat);
      return state === undefined || state.count === 0 ? undefined : frameOf(chatId, state);
    },
  };
}

interface Typists {
  typing: number[];
  count: number;
}

function here({ here: users }: TypedIn): Typists {
  return { typing: [...users.keys()].slice(0, NAMED), count: users.size };
}

/** Who types at several nodes counts once, as far as they are named. */
function all({ here: users, elsewhere }: TypedIn): Typists {
  const ids = new Set(users.keys());
  let unnamed = 0;
  for (const { typing, count } of elsewhere.values()) {
    for (const userId of typing) ids.add(userId);
    unnamed += Math.max(0, count - typing.length);
  }
  return { typing: [...ids], count: ids.size + unnamed };
}

function keyOf({ typing, count }: Typists): string {
  return count === 0 ? '' : `${count}: ${typing.slice(0, NAMED).join()}`;
}

function frameOf(chatId: number, { typing, count }: Typists): TypingFrame {
  return { type: 'typing', chat_id: chatId, user_ids: typing.slice(0, TYPING_USERS.max), count };
}
