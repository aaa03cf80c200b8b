import type { MemberFrame, MessageFrame, StateFrame } from '@beseda/protocol/frames.ts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatEvent } from '../domain/events.ts';
import { createMemoryNetwork } from '../bus/memory.ts';
import { createBridge } from './bridge.ts';
import { createBusMessages } from './bus-messages.ts';
import { createHub, type Hub } from './hub.ts';
import type { Listener } from './listeners.ts';
import type { RoomOptions } from './room.ts';

const CHAT = 5;
const NOW = '2026-11-22T10:15:30.123Z';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function message(version: number): MessageFrame {
  const state = { id: version, chat_id: CHAT, version, sender_id: 1, client_id: null, text: 'x', created_at: NOW };
  const none = { reply_to: null, edited_at: null, deleted_at: null, pinned_at: null, forwarded_from: null };
  return { type: 'message', ...state, ...none, reactions: [], files: [] };
}

function removal(version: number, userId: number): MemberFrame {
  return { type: 'member', chat_id: CHAT, version, user_id: userId, role: 'member', joined_at: NOW, left_at: NOW };
}

interface Hearing extends Listener {
  /** Versions and ends, in the order in which they came. */
  heard: (number | 'excluded' | 'signed out' | 'left behind')[];
  stop: () => void;
}

function hearing(userId: number): Hearing {
  const heard: Hearing['heard'] = [];
  return {
    door: 'chat',
    userId,
    sessionId: `session of ${userId}`,
    origin: Symbol('socket'),
    heard,
    stop: () => {},
    deliver: (encoded) => heard.push(Number(encoded.toString())),
    excluded: () => heard.push('excluded'),
    signedOut: () => heard.push('signed out'),
    leftBehind: () => heard.push('left behind'),
  };
}

/** Frames are encoded as their version: tests ask for order and number, not for content. */
const encode = (frame: ChatEvent['frame']): Buffer =>
  Buffer.from(String('version' in frame ? frame.version : frame.type));

/** A hub that is the only one on its bus. */
function hubOn(options: RoomOptions): Hub {
  const bus = createMemoryNetwork().connect();
  return createHub({ ...options, bus, bridge: createBridge(createBusMessages(bus, options.onError)) });
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** A database of one chat, and a hub that looks into it. Every answer of the database comes when the test wants. */
function world() {
  const committed: StateFrame[] = [];
  const asked: (() => void)[] = [];
  const errors: unknown[] = [];
  const failing = { left: 0 };
  const answerLater = async <T>(answer: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      asked.push(() => {
        try {
          resolve(answer());
        } catch (error) {
          reject(error);
        }
      });
    });
  const hub = hubOn({
    encode,
    catchUp: async (_chatId, since) => {
      // A snapshot of this moment, whenever it arrives.
      const frames = committed.filter((frame) => frame.version > since);
      const version = committed.length;
      return answerLater(() => {
        if (failing.left === 0) return { version, frames };
        failing.left -= 1;
        throw new Error('the database is away');
      });
    },
    onError: (error) => errors.push(error),
  });
  return {
    hub,
    errors,
    failing,
    asked,
    committed,
    answerLater,
    commit: (frame: (version: number) => StateFrame): ChatEvent => {
      const made = frame(committed.length + 1);
      committed.push(made);
      return { chatId: CHAT, frame: made };
    },
  };
}

/** Listens to the one chat. */
async function listen(hub: Hub, listener: Hearing, admit: () => Promise<number>): Promise<void> {
  await hub.listen(listener, [CHAT], async () => new Map([[CHAT, await admit()]]));
  listener.stop = () => hub.leave(listener, CHAT);
}

async function join(hub: Hub, listener: Hearing, version: number): Promise<void> {
  await listen(hub, listener, async () => version);
}

describe('WS5 a chat is heard in version order, without gaps and without repeats', () => {
  test('WS5 events that come out of order are put into order', async () => {
    const { hub } = world();
    const anna = hearing(1);
    await join(hub, anna, 3);
    for (const version of [6, 4, 5]) hub.publish([{ chatId: CHAT, frame: message(version) }]);
    expect(anna.heard).toEqual([4, 5, 6]);
  });

  test('WS5 an event that comes twice, or from before the joining, is told once or not at all', async () => {
    const { hub } = world();
    const anna = hearing(1);
    await join(hub, anna, 3);
    for (const version of [2, 4, 4, 3, 5, 4]) hub.publish([{ chatId: CHAT, frame: message(version) }]);
    expect(anna.heard).toEqual([4, 5]);
  });

  test('WS5 an event that stays missing is got from the database after a short patience', async () => {
    const { hub, commit, asked } = world();
    const anna = hearing(1);
    await join(hub, anna, 0);
    commit(message);
    hub.publish([commit(message)]);
    await vi.advanceTimersByTimeAsync(99);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    asked[0]?.();
    await settle();
    expect(anna.heard).toEqual([1, 2]);
  });

  test('WS5 a late event is not asked for when it comes in time', async () => {
    const { hub, commit, asked } = world();
    const anna = hearing(1);
    await join(hub, anna, 0);
    const late = commit(message);
    hub.publish([commit(message)]);
    hub.publish([late]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(0);
    expect(anna.heard).toEqual([1, 2]);
  });

  test('WS5 when the database does not answer, it is asked again until it does', async () => {
    let attempts = 0;
    const errors: unknown[] = [];
    const hub = hubOn({
      encode,
      catchUp: async (_chatId, since) => {
        attempts += 1;
        if (attempts < 4) throw new Error('the database is away');
        return { version: 3, frames: [message(1), message(2), message(3)].filter(({ version }) => version > since) };
      },
      onError: (error) => errors.push(error),
    });
    const anna = hearing(1);
    await join(hub, anna, 0);
    hub.publish([{ chatId: CHAT, frame: message(3) }]);
    await vi.advanceTimersByTimeAsync(400);
    expect(errors).toHaveLength(3);
    expect(anna.heard).toEqual([1, 2, 3]);
  });

  test('WS5 who has missed more than can be told is told so, and hears nothing after', async () => {
    const hub = hubOn({
      encode,
      catchUp: async () => ({ version: 2000, frames: undefined }),
      onError: (error) => expect.unreachable(String(error)),
    });
    const anna = hearing(1);
    await join(hub, anna, 0);
    hub.publish([{ chatId: CHAT, frame: message(2000) }]);
    await vi.advanceTimersByTimeAsync(100);
    const boris = hearing(2);
    await join(hub, boris, 2000);
    hub.publish([{ chatId: CHAT, frame: message(2001) }]);
    expect(anna.heard).toEqual(['left behind']);
    expect(boris.heard).toEqual([2001]);
  });

  test('WS5 two who join at once each hear all after what they knew, whoever is admitted first', async () => {
    const { hub, commit, asked } = world();
    const [early, late] = [hearing(1), hearing(2)];
    const admission = Promise.withResolvers<number>();
    const joining = listen(hub, early, async () => admission.promise);
    // The first has read version 0; this is committed and told after that.
    hub.publish([commit(message)]);
    await join(hub, late, 1);
    admission.resolve(0);
    await joining;
    asked[0]?.();
    await settle();
    hub.publish([commit(message)]);
    expect(early.heard).toEqual([1, 2]);
    expect(late.heard).toEqual([2]);
  });

  test('WS1 the socket that caused an event gets no echo of it, others of the same user do', async () => {
    const { hub } = world();
    const [sending, other] = [hearing(1), hearing(1)];
    await join(hub, sending, 0);
    await join(hub, other, 0);
    hub.publish([{ chatId: CHAT, frame: message(1), origin: sending.origin }]);
    hub.publish([{ chatId: CHAT, frame: message(2) }]);
    expect(sending.heard).toEqual([2]);
    expect(other.heard).toEqual([1, 2]);
  });

  test('ID3 reading marks have no version and are told as they come', async () => {
    const { hub } = world();
    const anna = hearing(1);
    await join(hub, anna, 0);
    const read = { type: 'read', message_id: 1, chat_id: CHAT, reader_id: 2 } as const;
    hub.publish([{ chatId: CHAT, frame: read }]);
    expect(anna.heard).toEqual([Number.NaN]);
  });
});

describe('WS13 who may hear no longer hears nothing more', () => {
  test('WS13 a removed member hears of the removal and of nothing after; others go on', async () => {
    const { hub } = world();
    const [anna, boris] = [hearing(1), hearing(2)];
    await join(hub, anna, 0);
    await join(hub, boris, 0);
    for (const frame of [message(3), removal(2, 2), message(1)]) hub.publish([{ chatId: CHAT, frame }]);
    expect(boris.heard).toEqual([1, 2, 'excluded']);
    expect(anna.heard).toEqual([1, 2, 3]);
  });

  test('WS13 a removal that commits after the reading and before the admission ends the listening', async () => {
    const { hub } = world();
    const boris = hearing(2);
    const admission = Promise.withResolvers<number>();
    const joining = listen(hub, boris, async () => admission.promise);
    hub.publish([
      { chatId: CHAT, frame: removal(8, 2) },
      { chatId: CHAT, frame: message(9) },
    ]);
    admission.resolve(7);
    await joining;
    expect(boris.heard).toEqual([8, 'excluded']);
  });

  test('WS13 one who was removed and is a member again is not thrown out by the late news of the removal', async () => {
    const { hub } = world();
    const anna = hearing(1);
    await join(hub, anna, 5);
    const boris = hearing(2);
    await join(hub, boris, 7);
    hub.publish([{ chatId: CHAT, frame: removal(6, 2) }]);
    hub.publish([{ chatId: CHAT, frame: { ...removal(7, 2), left_at: null } }]);
    hub.publish([{ chatId: CHAT, frame: message(8) }]);
    expect(anna.heard).toEqual([6, 7, 8]);
    expect(boris.heard).toEqual([8]);
  });

  test('WS13 a session that ends, also while its listener joins, hears nothing more', async () => {
    const { hub } = world();
    const [joined, joining, other] = [hearing(1), hearing(1), hearing(2)];
    await join(hub, joined, 0);
    await join(hub, other, 0);
    const admission = Promise.withResolvers<number>();
    const listening = listen(hub, joining, async () => admission.promise);
    hub.endSessions([joined.sessionId]);
    hub.publish([{ chatId: CHAT, frame: message(1) }]);
    admission.resolve(0);
    await listening;
    hub.publish([{ chatId: CHAT, frame: message(2) }]);
    expect(joined.heard).toEqual(['signed out']);
    expect(joining.heard).toEqual(['signed out']);
    expect(other.heard).toEqual([1, 2]);
    expect(hub.sessions()).toEqual([other.sessionId]);
  });

  test('WS13 who is not admitted hears nothing and leaves nothing behind', async () => {
    const { hub } = world();
    const anna = hearing(1);
    const refused = listen(hub, anna, async () => {
      throw new Error('not a member');
    });
    hub.publish([{ chatId: CHAT, frame: message(1) }]);
    await expect(refused).rejects.toThrow('not a member');
    expect(anna.heard).toEqual([]);
    expect(hub.sessions()).toEqual([]);
  });
});

type Step = [
  act: 'commit' | 'remove' | 'publish' | 'repeat' | 'lose' | 'join' | 'answer' | 'fail' | 'sign out' | 'wait',
  choice: number,
];

const acts = ['commit', 'remove', 'publish', 'repeat', 'lose', 'join', 'answer', 'fail', 'sign out', 'wait'] as const;
const weights = { commit: 6, publish: 6, join: 4, answer: 6, wait: 2 };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.oneof(
      ...acts.map((act) => ({
        weight: act in weights ? weights[act as keyof typeof weights] : 1,
        arbitrary: fc.constant(act),
      })),
    ),
    fc.nat(1000),
  ),
  { maxLength: 60, size: 'max' },
);

function pick<T>(list: T[], choice: number): T | undefined {
  return list.splice(choice % Math.max(1, list.length), 1)[0];
}

/** Plays an interleaving; gives for each listener what it heard, and what it had to hear. */
async function play(plan: Step[]): Promise<{ heard: Hearing['heard']; expected: Hearing['heard'] }[]> {
  const { hub, committed, commit, asked, failing, answerLater } = world();
  const unpublished: ChatEvent[] = [];
  const published: ChatEvent[] = [];
  const removed = new Map<number, number>();
  const seats: { listener: Hearing; knew: number | undefined; signedOutAt: number | undefined }[] = [];

  const take: Record<Step[0], (choice: number) => void> = {
    commit: () => unpublished.push(commit(message)),
    remove(choice) {
      const userId = seats[choice % Math.max(1, seats.length)]?.listener.userId;
      if (userId === undefined || removed.has(userId)) return;
      removed.set(userId, committed.length + 1);
      unpublished.push(commit((version) => removal(version, userId)));
    },
    publish(choice) {
      const event = pick(unpublished, choice);
      if (event === undefined) return;
      published.push(event);
      hub.publish([event]);
    },
    repeat(choice) {
      const event = published[choice % Math.max(1, published.length)];
      if (event !== undefined) hub.publish([event]);
    },
    lose: (choice) => void pick(unpublished, choice),
    join() {
      const seat: (typeof seats)[number] = {
        listener: hearing(seats.length + 1),
        knew: undefined,
        signedOutAt: undefined,
      };
      seats.push(seat);
      const admit = async (): Promise<number> => {
        const version = await answerLater(() => committed.length);
        // What it has read is told in its turn, later.
        const known = await answerLater(() => version);
        if (removed.has(seat.listener.userId) && (removed.get(seat.listener.userId) ?? 0) <= version) {
          throw new Error('not a member');
        }
        if (seat.signedOutAt === undefined) seat.knew = known;
        return known;
      };
      listen(hub, seat.listener, admit).catch(() => {});
    },
    answer: (choice) => pick(asked, choice)?.(),
    fail() {
      failing.left += 1;
    },
    'sign out'(choice) {
      const seat = seats[choice % Math.max(1, seats.length)];
      if (seat === undefined) return;
      seat.signedOutAt ??= seat.listener.heard.length;
      hub.endSessions([seat.listener.sessionId]);
    },
    wait: (choice) => void vi.advanceTimersByTime(choice % 150),
  };

  for (const [act, choice] of plan) {
    take[act](choice);
    await settle();
  }
  // All that is under way arrives, and one more event shows what was lost before it.
  unpublished.push(commit(message));
  while (unpublished.length > 0) hub.publish(unpublished.splice(0, 1));
  for (let round = 0; round < 60; round += 1) {
    for (const answer of asked.splice(0)) answer();
    await vi.advanceTimersByTimeAsync(100);
  }

  return seats.map(({ listener, knew, signedOutAt }) => {
    const heard = listener.heard;
    if (knew === undefined)
      return { heard, expected: signedOutAt === undefined || heard.length === 0 ? [] : ['signed out'] };
    const end = removed.get(listener.userId);
    const all = committed
      .map(({ version }) => version)
      .filter((version) => version > knew && version <= (end ?? version));
    const whole = end === undefined ? all : [...all, 'excluded' as const];
    if (signedOutAt === undefined || signedOutAt >= whole.length) return { heard, expected: whole };
    return { heard, expected: [...whole.slice(0, signedOutAt), 'signed out' as const] };
  });
}

describe('WS5 WS13 in every interleaving', () => {
  test('WS5 each listener hears each version after its joining once and in order, until it may not', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        for (const { heard, expected } of await play(plan)) expect(heard).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});
