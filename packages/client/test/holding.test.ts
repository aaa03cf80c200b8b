import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '@beseda/protocol/messages.ts';
import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import type { MessageState } from '../src/store/chat-record.ts';
import type { HoldLimits } from '../src/store/holding.ts';
import type { Snapshot } from '../src/store/snapshot.ts';
import { createStore, type FilledStore } from '../src/store/store.ts';
import { createManualClock } from './clock.testing.ts';

const CHAT = 5;
const HOLD: HoldLimits = { recent: 10, read: 40, chats: 2 };
/** What is held at most before some of it is let go of. */
const MOST = HOLD.read * 1.25;

function message(id: number, version = id, chatId = CHAT): MessageState {
  return {
    id,
    chat_id: chatId,
    version,
    sender_id: 2,
    client_id: null,
    text: `version ${version}`,
    created_at: '2026-11-22T12:00:00.000Z',
    reply_to: null,
    reactions: [],
    files: [],
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    forwarded_from: null,
  };
}

/** As pages of history have it. */
function told(one: MessageState): Message {
  return { ...one, is_read: false };
}

function filled(chatIds: number[] = [CHAT], hold = HOLD, snapshot?: unknown): FilledStore {
  const store = createStore({
    pendingOf: () => [],
    schedule: (tell) => tell(),
    clock: createManualClock(),
    hearing: { arrived() {}, ownStored() {}, caughtUp() {} },
    hold,
    snapshot,
  });
  store.belongTo(1);
  if (snapshot !== undefined) return store;
  store.apply({
    type: 'synced',
    versions: Object.fromEntries(chatIds.map((chatId) => [chatId, 0])),
    complete: true,
    ref: 'sync',
  } satisfies SocketDownFrame);
  return store;
}

function ids(store: FilledStore, chatId = CHAT): number[] {
  return store.messages(chatId)?.runs.flatMap((run) => run.map(({ id }) => id)) ?? [];
}

function arrive(store: FilledStore, id: number, version = id, chatId = CHAT): void {
  store.apply({ type: 'message', ...message(id, version, chatId) });
}

/** Reads a page as the server would tell it now. */
function page(store: FilledStore, low: number, high: number, chatId = CHAT): void {
  const asked = store.asking(chatId);
  if (asked === undefined) throw new Error('there is no such chat');
  const messages = Array.from({ length: high - low + 1 }, (_, index) => message(low + index, low + index, chatId));
  store.pageRead(asked, messages.map(told));
}

describe('what is held of a chat', () => {
  test('of one that nobody reads the recent messages stay, however many come', () => {
    const store = filled();
    for (let id = 1; id <= 10_000; id += 1) arrive(store, id);
    const held = ids(store);
    expect(held.length).toBeGreaterThanOrEqual(HOLD.recent);
    expect(held.length).toBeLessThanOrEqual(HOLD.recent * 1.25);
    expect(held.at(-1)).toBe(10_000);
    expect(store.messages(CHAT)).toMatchObject({ begins: false, ends: true, runs: [{ length: held.length }] });
  });

  test('what is shown stays while others come and go, and goes once it is not shown', () => {
    const store = filled([CHAT, 6, 7, 8]);
    for (let id = 1; id <= 1000; id += 1) arrive(store, id);
    page(store, 500, 539);
    const shown = store.show(CHAT);
    shown.set(505, 530);
    for (let id = 1001; id <= 1200; id += 1) arrive(store, id);
    expect(ids(store)).toEqual(expect.arrayContaining(Array.from({ length: 26 }, (_, index) => 505 + index)));
    expect(ids(store).length).toBeLessThanOrEqual(MOST);
    shown.end();
    for (const other of [6, 7, 8]) {
      for (let id = 1; id <= 20; id += 1) arrive(store, id, id, other);
      page(store, 1, 20, other);
    }
    expect(ids(store)).toEqual(Array.from({ length: HOLD.recent }, (_, index) => 1191 + index));
  });

  test('whoever reads on towards the beginning keeps what was read last, and the recent ones', () => {
    const store = filled();
    for (let id = 1; id <= 1000; id += 1) arrive(store, id);
    for (let high = 990; high > 800; high -= 20) page(store, high - 19, high);
    const held = ids(store);
    expect(held.length).toBeLessThanOrEqual(MOST);
    expect(held).toEqual(expect.arrayContaining([791, 820, 991, 1000]));
    expect(store.message(CHAT, 980)).toBeUndefined();
  });

  test('a page that was asked for before a message was changed and let go of does not bring its old state back', () => {
    const store = filled();
    for (let id = 1; id <= 10; id += 1) arrive(store, id);
    const asked = store.asking(CHAT);
    arrive(store, 3, 11);
    for (let id = 11; id <= 40; id += 1) arrive(store, id, id + 1);
    expect(store.message(CHAT, 3)).toBeUndefined();
    if (asked === undefined) throw new Error('the chat is not there');
    store.pageRead(asked, [told(message(3))]);
    expect(store.message(CHAT, 3)).toBeUndefined();
    const later = store.asking(CHAT);
    if (later === undefined) throw new Error('the chat is not there');
    store.pageRead(later, [told(message(3, 11))]);
    expect(store.message(CHAT, 3)).toMatchObject({ version: 11 });
  });

  test('whatever comes in whatever order, no message is older than one that was told before', () => {
    const hold: HoldLimits = { recent: 2, read: 8, chats: 1 };
    const at = fc.nat(30);
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.record({ act: fc.constant('send' as const) }) },
      { weight: 4, arbitrary: fc.record({ act: fc.constant('change' as const), at }) },
      { weight: 2, arbitrary: fc.record({ act: fc.constant('ask' as const), at }) },
      fc.record({ act: fc.constant('answer' as const) }),
      fc.record({ act: fc.constant('show' as const), at }),
      fc.record({ act: fc.constant('hide' as const) }),
    );
    fc.assert(
      fc.property(fc.array(act, { minLength: 30, maxLength: 300 }), (script) => {
        const store = filled([CHAT], hold);
        const truth: MessageState[] = [];
        let version = 0;
        const answers: (() => void)[] = [];
        let showing = store.show(CHAT);
        const tell = (id: number): void => {
          version += 1;
          truth[id - 1] = message(id, version);
          arrive(store, id, version);
        };
        for (const step of script) {
          switch (step.act) {
            case 'send':
              tell(truth.length + 1);
              break;
            case 'change':
              if (step.at < truth.length) tell(step.at + 1);
              break;
            case 'ask': {
              const asked = store.asking(CHAT);
              const answer = truth.slice(step.at, step.at + 6).map(told);
              if (asked !== undefined) answers.push(() => store.pageRead(asked, answer));
              break;
            }
            case 'answer':
              answers.shift()?.();
              break;
            case 'show':
              showing.set(step.at, step.at + 8);
              break;
            case 'hide':
              showing.end();
              showing = store.show(CHAT);
          }
        }
        for (const answer of answers) answer();
        const held = ids(store);
        for (const id of held) expect(store.message(CHAT, id)).toEqual(truth[id - 1]);
        expect(held).toEqual(expect.arrayContaining(truth.slice(-hold.recent).map(({ id }) => id)));
        expect(held.length).toBeLessThanOrEqual(hold.read * 1.25 + 9);
      }),
    );
  });
});

/** What a store with six messages leaves, with one of them spoilt. */
function kept(): unknown {
  const before = filled();
  const created = '2026-11-22T10:00:00.000Z';
  const info = { is_group: true, name: 'A group', creator_id: 2, created_at: created };
  before.apply({ type: 'chat', chat_id: CHAT, version: 1, ...info });
  const asked = before.asking(CHAT);
  if (asked === undefined) throw new Error('the chat is not there');
  for (let id = 1; id <= 6; id += 1) arrive(before, id);
  before.detailsRead(asked, {
    id: CHAT,
    ...info,
    peer: null,
    version: 6,
    last_message_id: 6,
    last_message: told(message(6)),
    last_read_id: 6,
    marked_unread_id: null,
    muted: false,
    pinned: false,
    unread_count: 0,
  });
  return JSON.parse(JSON.stringify(before.snapshot()).replace('"version 3"', '3'));
}

describe('a chat of an earlier snapshot', () => {
  test('of before messages were pinned and forwarded has its messages all the same', () => {
    const since = new Set(['pinned_at', 'forwarded_from']);
    const old: unknown = JSON.parse(
      JSON.stringify(kept(), (key, value: unknown) => (since.has(key) ? undefined : value)),
    );
    const store = filled([], HOLD, old);
    expect(ids(store)).toEqual([1, 2, 4, 5, 6]);
    expect(store.message(CHAT, 1)).toMatchObject({ pinned_at: null, forwarded_from: null });
  });

  test('shows its newest message, and all that are sound once they are asked for', () => {
    const store = filled([], HOLD, kept());
    expect(store.chat(CHAT)?.last_message?.id).toBe(6);
    expect(ids(store)).toEqual([1, 2, 4, 5, 6]);
  });

  test('messages that were kept apart are taken in later, whatever was told or let go of since', () => {
    const snapshot = kept() as Snapshot;
    const [chat] = snapshot.chats;
    if (chat === undefined) throw new Error('there is no chat');
    const apart = { chat_id: CHAT, version: chat.version, messages: chat.messages };
    const alone = { ...snapshot, chats: [{ ...chat, messages: chat.messages.slice(-1) }] };
    const store = filled([], HOLD, alone);
    arrive(store, 2, 7);
    store.recall({ ...apart, version: chat.version - 1 });
    expect(ids(store)).toEqual([2, 6]);
    store.recall(apart);
    expect(ids(store)).toEqual([1, 2, 4, 5, 6]);
    expect(store.message(CHAT, 2)).toMatchObject({ version: 7 });

    const letGo = filled([], { recent: 1, read: 1, chats: 1 }, alone);
    arrive(letGo, 2, 7);
    arrive(letGo, 7, 8);
    expect(ids(letGo)).toEqual([7]);
    letGo.recall(apart);
    expect(letGo.message(CHAT, 2)).toBeUndefined();

    const reset = filled([], HOLD, alone);
    reset.apply({ type: 'reset', chat_id: CHAT });
    reset.recall(apart);
    expect(ids(reset)).toEqual([]);
  });

  test('what is told before its messages are asked for stays newer than they are', () => {
    const store = filled([], HOLD, kept());
    arrive(store, 2, 7);
    expect(store.message(CHAT, 2)).toMatchObject({ version: 7 });
    expect(store.message(CHAT, 1)).toMatchObject({ version: 1 });
  });
});
