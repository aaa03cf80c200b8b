import { ApiError, clientError } from '@beseda/client/api-error.ts';
import { systemClock } from '@beseda/client/clock.ts';
import type { ConnectionState } from '@beseda/client/live/connection-state.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import { createStore } from '@beseda/client/store/store.ts';
import { describe, expect, test } from 'vitest';
import { handClock } from './hand-clock.testing.ts';
import { MOST_SHOWN } from './stretch.ts';
import type { Conversation } from './conversation-view.ts';
import { openConversation } from './conversation.ts';

const SELF = 1;
const CHAT = 5;
const PAGE = 50;

/** A client with a real store and a network of one chat, which answers at once or is away. */
function scene({ total, read, marked = null }: { total: number; read: number; marked?: number | null }) {
  const store = createStore({
    pendingOf: () => [],
    schedule: queueMicrotask,
    clock: systemClock,
    hearing: { arrived() {}, ownStored() {}, caughtUp() {} },
  });
  const asked: string[] = [];
  const marks: number[] = [];
  const listeners = new Set<(state: ConnectionState) => void>();
  let away = false;
  let refusal: ApiError | undefined;
  const clock = handClock();
  let length = total;

  const message = (id: number): MessageState & { is_read: boolean } => ({
    id,
    chat_id: CHAT,
    version: id,
    sender_id: 2,
    client_id: null,
    text: `message ${id}`,
    created_at: new Date(Date.UTC(2026, 10, 22, 12) + id * 1000).toISOString(),
    reply_to: null,
    reactions: [],
    files: [],
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    forwarded_from: null,
    is_read: false,
  });
  const take = (from: number, to: number): void => {
    const asking = store.asking(CHAT);
    if (asking === undefined) return;
    const page = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index));
    store.pageRead(asking, page);
  };

  store.belongTo(SELF);
  const created = '2026-11-22T10:00:00.000Z';
  store.apply({
    type: 'chat',
    chat_id: CHAT,
    version: 1,
    is_group: true,
    name: 'A group',
    creator_id: 2,
    created_at: created,
  });
  store.apply({ type: 'synced', versions: { [CHAT]: total }, complete: true });
  const asking = store.asking(CHAT);
  if (asking === undefined) throw new Error('the chat is not there');
  store.detailsRead(asking, {
    id: CHAT,
    name: 'A group',
    is_group: true,
    creator_id: 2,
    peer: null,
    version: 1,
    last_message_id: total,
    last_message: total === 0 ? null : message(total),
    last_read_id: read,
    marked_unread_id: marked,
    muted: false,
    pinned: false,
    unread_count: marked === null ? total - read : total - marked + 1,
    created_at: created,
  });

  const load = async (name: string, from: number, to: number): Promise<void> => {
    asked.push(name);
    if (away) throw clientError('unreachable', 'away');
    if (refusal !== undefined) throw refusal;
    take(Math.max(1, from), Math.min(length, to));
  };
  const client: Parameters<typeof openConversation>[0] = {
    store,
    userId: SELF,
    state: { name: 'live' },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async loadOlder(chatId, before = store.messages(chatId)?.runs.at(-1)?.[0]?.id ?? length + 1) {
      await load(`before ${before}`, before - PAGE, before - 1);
    },
    loadNewer: async (_chatId, after) => load(`after ${after}`, after + 1, after + PAGE),
    markRead(chatId, id) {
      marks.push(id);
      store.wantRead(chatId, id);
    },
  };
  return {
    asked,
    marks,
    open: (at?: number) =>
      openConversation(client, CHAT, at, (moment) => moment.slice(0, 10), { clock, random: () => 0.5 }),
    pass: (milliseconds: number): void => clock.pass(milliseconds),
    refuse: (error: ApiError | undefined): void => {
      refusal = error;
    },
    markUnread: (messageId: number): void => store.apply({ type: 'unread', chat_id: CHAT, message_id: messageId }),
    fill: take,
    arrive: (): void => {
      length += 1;
      store.apply({ type: 'message', ...message(length) });
    },
    network: (there: boolean): void => {
      away = !there;
      for (const listener of listeners) listener({ name: there ? 'live' : 'connecting' });
    },
  };
}

function refused(code: string, status: number, retryAfter?: number): ApiError {
  const problem = { type: 'about:blank', title: '', status, detail: '', code };
  return new ApiError(retryAfter === undefined ? problem : { ...problem, retry_after: retryAfter });
}

/** Settles when what was begun is done: all of it answers at once. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function ids(conversation: Conversation): number[] {
  return conversation.get().items.flatMap((item) => (item.kind === 'message' ? [Number(item.id)] : []));
}

function around(conversation: Conversation): (number | undefined)[] {
  return [ids(conversation)[0], ids(conversation).at(-1)];
}

describe('opening', () => {
  test('all read: at the end, with a page of what was said', async () => {
    const { open, asked } = scene({ total: 200, read: 200 });
    const conversation = open();
    expect(conversation.get().state).toBe('loading');
    await settled();
    expect(conversation.get()).toMatchObject({ state: 'ready', openAt: undefined, ends: true, begins: false });
    expect([asked, around(conversation)]).toEqual([['before 200'], [150, 200]]);
  });

  test('a few unread: at the first of them, read from the end', async () => {
    const { open, asked } = scene({ total: 200, read: 180 });
    const conversation = open();
    await settled();
    expect(conversation.get()).toMatchObject({ openAt: 'new', ends: true });
    expect(asked).toEqual(['before 200']);
    const { items } = conversation.get();
    const line = items.findIndex(({ kind }) => kind === 'new');
    expect(items[line + 1]).toMatchObject({ id: 181 });
  });

  test('many unread: at the first of them, with what it follows; the end is one step away', async () => {
    const { open, asked } = scene({ total: 1000, read: 300 });
    const conversation = open();
    await settled();
    expect([asked, around(conversation)]).toEqual([['after 280'], [281, 330]]);
    expect(conversation.get()).toMatchObject({ openAt: 'new', ends: false });
    conversation.newer();
    await settled();
    expect(around(conversation)).toEqual([281, 380]);
    await conversation.toNewest();
    expect(around(conversation)).toEqual([950, 1000]);
    expect(conversation.get().ends).toBe(true);
  });

  test('a message by its address, with what is around it', async () => {
    const conversation = scene({ total: 1000, read: 1000 }).open(500);
    await settled();
    expect(around(conversation)).toEqual([480, 529]);
    expect(conversation.get().openAt).toBe('message 500');
  });

  test('an empty chat is ready at once', async () => {
    const conversation = scene({ total: 0, read: 0 }).open();
    await settled();
    expect(conversation.get()).toMatchObject({ state: 'ready', begins: true, ends: true });
  });

  test('without a network it says so, and goes on by itself when there is one', async () => {
    const { open, network } = scene({ total: 200, read: 0 });
    network(false);
    const conversation = open();
    await settled();
    expect(conversation.get().failure?.code).toBe('unreachable');
    network(true);
    await settled();
    expect(conversation.get()).toMatchObject({ state: 'ready', failure: undefined });
  });
});

describe('reading', () => {
  test('what is in view counts as read while someone looks, and not before', async () => {
    const { open, marks } = scene({ total: 200, read: 180 });
    const conversation = open();
    await settled();
    conversation.inView(190);
    expect(marks).toEqual([]);
    conversation.looking(true);
    expect(marks).toEqual([190]);
    conversation.inView(185);
    conversation.inView(200);
    expect(marks).toEqual([190, 200]);
  });

  test('what comes while nobody looks is new to whoever comes back', async () => {
    const { open, arrive } = scene({ total: 20, read: 20 });
    const conversation = open();
    await settled();
    conversation.looking(false);
    arrive();
    await settled();
    const { items } = conversation.get();
    expect(items.slice(-2)).toMatchObject([{ kind: 'new' }, { id: 21 }]);
  });

  test('one reads on towards the beginning, a page at a time', async () => {
    const { open, asked } = scene({ total: 120, read: 120 });
    const conversation = open();
    await settled();
    for (let page = 0; page < 4; page += 1) {
      conversation.older();
      conversation.older();
      await settled();
    }
    expect(asked).toEqual(['before 120', 'before 70', 'before 20']);
    expect(conversation.get()).toMatchObject({ begins: true });
    expect(ids(conversation)).toHaveLength(120);
  });

  test('a jump leads to a message far away, and nowhere where there is none', async () => {
    const conversation = scene({ total: 1000, read: 1000 }).open();
    await settled();
    expect(await conversation.toMessage(10)).toBe(true);
    expect(ids(conversation)).toContain(10);
    expect(await conversation.toMessage(2000)).toBe(false);
  });
});

describe('a long conversation', () => {
  test('who goes to the end while older messages are being read stays there', async () => {
    const conversation = scene({ total: 2000, read: 2000 }).open(1000);
    await settled();
    for (let times = 0; ids(conversation).length < MOST_SHOWN; times += 1) {
      conversation.older();
      await settled();
      if (times > MOST_SHOWN) throw new Error('reading on gets nowhere');
    }
    conversation.older();
    await conversation.toNewest();
    await settled();
    expect([around(conversation), conversation.get().ends]).toEqual([[1950, 2000], true]);
  });

  test('at its end, however much comes, what is shown is bounded, and ends with the newest', async () => {
    const { open, arrive } = scene({ total: 200, read: 200 });
    const conversation = open();
    await settled();
    conversation.readsAtEnd(true);
    for (let count = 0; count < 1000; count += 10) {
      for (let one = 0; one < 10; one += 1) arrive();
      await settled();
      expect(ids(conversation).length).toBeLessThanOrEqual(MOST_SHOWN);
    }
    expect(ids(conversation).at(-1)).toBe(1200);
    expect(conversation.get().ends).toBe(true);
  });

  test('above the end what one reads stays, however much comes', async () => {
    const { open, arrive } = scene({ total: 200, read: 200 });
    const conversation = open();
    await settled();
    conversation.readsAtEnd(false);
    const [first] = around(conversation);
    for (let count = 0; count < 1000; count += 1) arrive();
    await settled();
    expect(ids(conversation)[0]).toBe(first);
    expect(ids(conversation).length).toBeLessThanOrEqual(MOST_SHOWN);
    expect(conversation.get().ends).toBe(false);
    await conversation.toNewest();
    expect(ids(conversation).at(-1)).toBe(1200);
  });

  test('one reads to the beginning and back to the end, in bounded stretches without gaps', async () => {
    const { open, arrive } = scene({ total: 3000, read: 3000 });
    const conversation = open();
    await settled();
    conversation.readsAtEnd(false);
    for (let step = 0; step < 100 && !conversation.get().begins; step += 1) {
      const before = ids(conversation);
      conversation.older();
      await settled();
      const now = ids(conversation);
      expect(now.length).toBeLessThanOrEqual(MOST_SHOWN);
      // What one sees at the edge stays.
      expect(now).toContain(before[0]);
      if (step === 20) for (let count = 0; count < 200; count += 1) arrive();
    }
    expect(ids(conversation)[0]).toBe(1);
    for (let step = 0; step < 100 && !conversation.get().ends; step += 1) {
      const before = ids(conversation);
      conversation.newer();
      await settled();
      const now = ids(conversation);
      expect(now).toContain(before.at(-1));
      expect(now).toEqual(now.map((_, index) => (now[0] ?? 0) + index));
    }
    expect(ids(conversation).at(-1)).toBe(3200);
  });

  test('a message that comes leaves the items of the others as they are', async () => {
    const { open, arrive } = scene({ total: 200, read: 200 });
    const conversation = open();
    await settled();
    conversation.looking(true);
    const before = conversation.get().items;
    arrive();
    await settled();
    const now = conversation.get().items;
    expect(now.length).toBe(before.length + 1);
    // The last one before it is not the last of its run any more.
    expect(before.slice(0, -1).every((item, index) => item === now[index])).toBe(true);
  });

  test('what is held is there at once', () => {
    const { open, fill } = scene({ total: 200, read: 200 });
    fill(100, 200);
    expect(open().get()).toMatchObject({ state: 'ready', ends: true });
  });
});

describe('a chat that is marked as unread', () => {
  test('opens at the mark, and being looked at takes it back', async () => {
    const { open, marks } = scene({ total: 10, read: 10, marked: 8 });
    const conversation = open();
    await settled();
    const { items } = conversation.get();
    const line = items.findIndex(({ kind }) => kind === 'new');
    expect(items[line + 1]).toMatchObject({ id: 8 });
    conversation.looking(true);
    conversation.inView(10);
    expect(marks).toEqual([10]);
  });

  test('marked while it is open, it stays so', async () => {
    const { open, marks, markUnread } = scene({ total: 10, read: 10 });
    const conversation = open();
    await settled();
    conversation.looking(true);
    conversation.inView(10);
    markUnread(10);
    conversation.inView(10);
    expect(marks).toEqual([]);
  });
});

describe('a page that the server could not give', () => {
  test('is asked for again by itself, after longer and longer', async () => {
    const { open, asked, pass, refuse } = scene({ total: 200, read: 200 });
    const conversation = open();
    await settled();
    refuse(refused('unavailable', 503));
    conversation.older();
    await settled();
    expect(conversation.get().failure?.code).toBe('unavailable');
    for (const [milliseconds, times] of [
      [249, 1],
      [1, 2],
      [499, 2],
      [1, 3],
    ] as const) {
      pass(milliseconds);
      await settled();
      expect(asked.filter((name) => name === 'before 150')).toHaveLength(times);
    }
    refuse(undefined);
    pass(1000);
    await settled();
    expect(conversation.get().failure).toBeUndefined();
    expect(around(conversation)).toEqual([100, 200]);
    pass(60_000);
    await settled();
    expect(asked.filter((name) => name === 'before 150')).toHaveLength(4);
  });

  test('is asked for in the direction in which one read', async () => {
    const { open, asked, pass, refuse } = scene({ total: 1000, read: 300 });
    const conversation = open();
    await settled();
    refuse(refused('unavailable', 503));
    conversation.newer();
    await settled();
    refuse(undefined);
    pass(250);
    await settled();
    expect(asked.slice(1)).toEqual(['after 330', 'after 330']);
    expect(around(conversation)).toEqual([281, 380]);
  });

  test('is not asked for sooner than the server says, but for who asks', async () => {
    const { open, asked, pass, refuse } = scene({ total: 200, read: 200 });
    refuse(refused('rate_limited', 429, 5));
    const conversation = open();
    await settled();
    expect(conversation.get().failure?.code).toBe('rate_limited');
    pass(5000);
    await settled();
    expect(asked).toHaveLength(1);
    conversation.retry();
    await settled();
    expect(asked).toHaveLength(2);
    refuse(undefined);
    pass(5500);
    await settled();
    expect(conversation.get().failure).toBeUndefined();
    expect(around(conversation)).toEqual([150, 200]);
  });

  test('is not asked for again where that is of no use, nor once the chat is closed', async () => {
    const { open, asked, pass, refuse } = scene({ total: 200, read: 200 });
    refuse(refused('not_a_member', 403));
    const one = open();
    await settled();
    pass(60_000);
    await settled();
    expect(asked).toHaveLength(1);
    one.close();
    refuse(refused('unavailable', 503));
    const other = open();
    await settled();
    other.close();
    pass(60_000);
    await settled();
    expect(asked).toHaveLength(2);
  });
});
