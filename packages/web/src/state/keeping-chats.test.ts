import type { ChatSnapshot } from '@beseda/client/store/snapshot.ts';
import type { ConnectionState } from '@beseda/client/live/connection-state.ts';
import { createStore, type FilledStore } from '@beseda/client/store/store.ts';
import { expect, test } from 'vitest';
import { AT_ONCE, KEPT_CHATS, KEPT_MESSAGES, keepChats, type KeptChanges } from './keeping-chats.ts';
import { createPeople } from './people.ts';

const SELF = 1;
const EARLY = '2026-11-22T10:00:00.000Z';

/** A store of its own, a time that is moved by hand, and what was written. */
function scene(recalled = Promise.resolve()) {
  let timers: (() => void)[] = [];
  const tells: (() => void)[] = [];
  const clock = {
    now: () => 0,
    after(_milliseconds: number, act: () => void) {
      timers.push(act);
      return () => {
        timers = timers.filter((timer) => timer !== act);
      };
    },
  };
  const store = createStore({
    pendingOf: () => [],
    schedule: (tell) => tells.push(tell),
    clock,
    hearing: { arrived() {}, ownStored() {}, caughtUp() {} },
  });
  const people = createPeople(
    async () => Promise.reject(new Error('away')),
    (act) => act(),
  );
  const saved: (KeptChanges & { userId: number })[] = [];
  const problems: unknown[] = [];
  let broken = false;
  let state: ConnectionState = { name: 'live' };
  const client = {
    store,
    get state() {
      return state;
    },
    get userId() {
      return store.self;
    },
  };
  const save = async (userId: number, changes: KeptChanges): Promise<void> => {
    if (broken) throw new Error('the disk is full');
    saved.push({ userId, ...changes });
  };
  const keeping = keepChats(client, people, { save }, clock, recalled, (problem) => problems.push(problem));
  return {
    store,
    people,
    saved,
    problems,
    forgotten: () => keeping.forgotten(),
    connection: (name: 'live' | 'signed out') => {
      state = { name };
    },
    breakDisk: (yes: boolean) => {
      broken = yes;
    },
    pass: async () => {
      // What was kept is held again a turn later.
      await Promise.resolve();
      for (const tell of tells.splice(0)) tell();
      // What does not come into one turn follows in the next.
      while (timers.length > 0) {
        for (const timer of timers.splice(0)) timer();
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      }
    },
  };
}

function leaveChat(store: FilledStore, chatId: number): void {
  const left = { user_id: SELF, role: 'member', joined_at: EARLY, left_at: EARLY, joined_message_id: 0 } as const;
  store.apply({ type: 'member', chat_id: chatId, version: 2, ...left });
}

function beginChat(store: FilledStore, chatId: number): void {
  const info = { version: 1, is_group: true, name: `chat ${chatId}`, creator_id: 2, created_at: EARLY };
  store.apply({ type: 'chat', chat_id: chatId, ...info });
  store.apply({ type: 'synced', versions: { [chatId]: 1 }, complete: false });
  const asked = store.asking(chatId);
  if (asked === undefined) throw new Error('the chat is not there');
  store.detailsRead(asked, {
    id: chatId,
    ...info,
    peer: null,
    last_message_id: 0,
    last_message: null,
    last_read_id: 0,
    unread_count: 0,
    marked_unread_id: null,
    muted: false,
    pinned: false,
  });
}

function say(store: FilledStore, chatId: number, id: number): void {
  store.apply({
    type: 'message',
    id,
    chat_id: chatId,
    version: id + 1,
    sender_id: 2,
    client_id: null,
    text: `message ${id}`,
    created_at: new Date(Date.parse(EARLY) + id * 1000).toISOString(),
    reply_to: null,
    reactions: [],
    files: [],
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    forwarded_from: null,
  });
}

const idsOf = (chats: readonly ChatSnapshot[] = []): number[] => chats.map(({ id }) => id);

test('what changes together is written once, and only what has changed', async () => {
  const { store, saved, pass } = scene();
  store.belongTo(SELF);
  beginChat(store, 5);
  beginChat(store, 6);
  await pass();
  expect(saved.map(({ userId, chats }) => [userId, idsOf(chats).toSorted((a, b) => a - b)])).toEqual([[SELF, [5, 6]]]);
  say(store, 6, 1);
  say(store, 6, 2);
  await pass();
  await pass();
  expect(saved).toHaveLength(2);
  expect(idsOf(saved[1]?.chats)).toEqual([6]);
  expect(saved[1]?.chats[0]?.messages.map(({ id }) => id)).toEqual([1, 2]);
});

test('what is kept has its bounds: so many chats, and the newest messages of each', async () => {
  const { store, saved, pass } = scene();
  store.belongTo(SELF);
  for (let chatId = 1; chatId <= KEPT_CHATS + 1; chatId += 1) beginChat(store, chatId);
  await pass();
  const parts = saved.splice(0).map(({ chats }) => chats.length);
  expect(parts).toEqual(Array(KEPT_CHATS / AT_ONCE).fill(AT_ONCE));
  // The first has the least recent activity, until something is said there: then another goes.
  for (let id = 1; id <= KEPT_MESSAGES + 10; id += 1) say(store, 1, id);
  await pass();
  expect(idsOf(saved[0]?.chats)).toEqual([1]);
  expect(saved[0]?.chats[0]?.messages).toHaveLength(KEPT_MESSAGES);
  expect(saved[0]?.chats[0]?.messages.at(-1)?.id).toBe(KEPT_MESSAGES + 10);
  expect(saved[0]?.gone).toEqual([2]);
});

test('a pinned chat is kept, however long nothing was said there', async () => {
  const { store, saved, pass } = scene();
  store.belongTo(SELF);
  for (let chatId = 1; chatId <= KEPT_CHATS + 1; chatId += 1) beginChat(store, chatId);
  store.apply({ type: 'settings', chat_id: 1, muted: false, pinned: true });
  await pass();
  const chats = saved.flatMap((each) => each.chats);
  expect(
    idsOf(chats)
      .toSorted((a, b) => a - b)
      .slice(0, 2),
  ).toEqual([1, 3]);
  expect(chats.find(({ id }) => id === 1)?.settings).toEqual({ muted: false, pinned: true });
});

test('a chat that is the user’s no more is forgotten', async () => {
  const { store, saved, pass } = scene();
  store.belongTo(SELF);
  beginChat(store, 5);
  await pass();
  leaveChat(store, 5);
  await pass();
  expect(saved[1]).toMatchObject({ chats: [], gone: [5] });
});

test('nothing is written for nobody, and nothing of one user for the next', async () => {
  const { store, saved, pass } = scene();
  store.belongTo(SELF);
  beginChat(store, 5);
  store.belongTo(0);
  await pass();
  expect(saved).toEqual([]);

  store.belongTo(2);
  beginChat(store, 7);
  await pass();
  expect(saved.map(({ userId, chats }) => [userId, idsOf(chats)])).toEqual([[2, [7]]]);
});

test('what could not be written is written with the next change', async () => {
  const { store, saved, problems, pass, breakDisk } = scene();
  store.belongTo(SELF);
  beginChat(store, 5);
  breakDisk(true);
  await pass();
  expect([saved.length, problems.length]).toEqual([0, 1]);
  breakDisk(false);
  beginChat(store, 6);
  await pass();
  expect(idsOf(saved[0]?.chats).toSorted((a, b) => a - b)).toEqual([5, 6]);
});

test('a chat that could not be forgotten is forgotten with the next change', async () => {
  const { store, saved, pass, breakDisk } = scene();
  store.belongTo(SELF);
  beginChat(store, 5);
  await pass();
  breakDisk(true);
  leaveChat(store, 5);
  await pass();
  breakDisk(false);
  beginChat(store, 6);
  await pass();
  expect(saved[1]?.gone).toEqual([5]);
});

test('people are kept as they are learnt', async () => {
  const { store, people, saved, pass } = scene();
  store.belongTo(SELF);
  const boris = { id: 7, username: 'boris', display_name: null };
  people.learn(boris);
  await pass();
  people.learn({ ...boris });
  await pass();
  expect(saved.map(({ people: written }) => written)).toEqual([[boris]]);
});

test('once the session has ended nothing is written; signed in again, all of it is', async () => {
  const { store, saved, pass, connection, forgotten } = scene();
  store.belongTo(SELF);
  beginChat(store, 1);
  beginChat(store, 2);
  await pass();
  expect(idsOf(saved[0]?.chats)).toEqual([2, 1]);
  connection('signed out');
  forgotten();
  say(store, 1, 1);
  await pass();
  expect(saved).toHaveLength(1);
  connection('live');
  say(store, 1, 2);
  await pass();
  expect(idsOf(saved[1]?.chats)).toEqual([1, 2]);
});

test('nothing is written over what was kept before all of it is held again; then all that has changed is', async () => {
  const recalled = Promise.withResolvers<void>();
  const { store, saved, pass } = scene(recalled.promise);
  store.belongTo(SELF);
  beginChat(store, 5);
  await pass();
  expect(saved).toEqual([]);
  recalled.resolve();
  await recalled.promise;
  await pass();
  expect(saved.map(({ chats }) => idsOf(chats))).toEqual([[5]]);
});
