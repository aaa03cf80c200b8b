import type { ConnectionState } from '@beseda/client/live/connection-state.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import { createStore } from '@beseda/client/store/store.ts';
import { expect, test } from 'vitest';
import type { TabView } from './attention.ts';
import { handClock } from './hand-clock.testing.ts';
import { createNotifier, type Notification } from './notifier.ts';
import { createPeople } from './people.ts';

const AT = '2026-11-22T10:00:00.000Z';
const [SELF, BORIS] = [1, 2];
const hidden: TabView = { visible: false, front: false, chatId: undefined };

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** A user with a personal chat (5) and a group (6), whose messages come as they are told to. */
function scene() {
  const clock = handClock();
  const listeners = new Set<(message: MessageState) => void>();
  const store = createStore({
    pendingOf: () => [],
    schedule: queueMicrotask,
    clock,
    hearing: {
      arrived: (message) => listeners.forEach((listener) => listener(message)),
      ownStored() {},
      caughtUp() {},
    },
  });
  const shown = new Map<number, Notification>();
  const told: Notification[] = [];
  let rung = 0;
  const wishes = { notifications: true, sound: true };
  const tabs = { teller: true, tabs: [hidden] as TabView[] };
  const state: { name: ConnectionState['name'] } = { name: 'live' };
  let version = 10;

  store.belongTo(SELF);
  const boris = { id: BORIS, username: 'boris', display_name: 'Boris' };
  for (const [id, peer] of [
    [5, boris],
    [6, null],
  ] as const) {
    const both = { is_group: peer === null, creator_id: null, created_at: AT, member_count: 2, version: 1 };
    store.apply({ type: 'chat', chat_id: id, name: peer === null ? 'Garden' : null, ...both });
    const asked = store.asking(id);
    if (asked === undefined) throw new Error('the chat is there');
    const none = {
      last_message_id: 0,
      last_message: null,
      last_read_id: 0,
      marked_unread_id: null,
      unread_count: 0,
      muted: false,
      pinned: false,
    };
    store.detailsRead(asked, { id, name: peer === null ? 'Garden' : 'Boris', peer, ...both, ...none });
  }
  store.apply({ type: 'synced', versions: { 5: 1, 6: 1 }, complete: true });

  const people = createPeople(
    async () => boris,
    (act) => act(),
  );
  const notifier = createNotifier({
    client: {
      store,
      userId: SELF,
      get state() {
        return { name: state.name } as ConnectionState;
      },
      onMessage(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    people,
    screen: {
      async show(notification) {
        told.push(notification);
        shown.set(notification.chatId, notification);
      },
      shown: async () => [...shown.values()],
      async close(chatId) {
        shown.delete(chatId);
      },
    },
    tabs: { look: async () => tabs },
    clock,
    ring() {
      rung += 1;
    },
    wishes: () => wishes,
    someone: () => 'Someone',
    filesText: ({ kind, count }) => `${count} ${kind}`,
  });

  return {
    notifier,
    shown,
    told,
    wishes,
    tabs,
    state,
    rung: () => rung,
    say: (chatId: number, id: number, text: string, sender = BORIS, deletedAt: string | null = null) => {
      version += 1;
      const none = {
        client_id: null,
        reply_to: null,
        reactions: [],
        files: [],
        edited_at: null,
        pinned_at: null,
        forwarded_from: null,
      };
      store.apply({
        type: 'message',
        chat_id: chatId,
        id,
        version,
        sender_id: sender,
        text,
        created_at: AT,
        deleted_at: deletedAt,
        ...none,
      });
    },
    read: (chatId: number, messageId: number) =>
      store.apply({ type: 'read', chat_id: chatId, message_id: messageId, reader_id: SELF }),
    pass: async (milliseconds: number) => {
      // Watchers of the store are told in a microtask; what the clock begins asks the tabs and the screen by promises.
      await settled();
      clock.pass(milliseconds);
      await settled();
    },
  };
}

test('one is told once of what comes together, by the newest of each chat, and hears it once', async () => {
  const { say, pass, told, rung } = scene();
  say(5, 1, 'one');
  say(5, 2, '**two**\nlines');
  say(6, 1, 'hello');
  await pass(400);
  expect(told).toEqual([]);
  await pass(100);
  expect(told).toEqual([
    { chatId: 5, messageId: 2, title: 'Boris', body: 'two lines' },
    { chatId: 6, messageId: 1, title: 'Garden', body: 'Boris: hello' },
  ]);
  expect(rung()).toBe(1);
});

test('what is read at once, here or on another device, or deleted, is not told', async () => {
  const { say, read, pass, told, rung } = scene();
  say(5, 1, 'one');
  say(6, 1, 'two');
  read(5, 1);
  say(6, 1, '', BORIS, AT);
  await pass(500);
  expect(told).toEqual([]);
  expect(rung()).toBe(0);
});

test('notifications go once their chat is read, and once their message is deleted', async () => {
  const { say, read, pass, shown } = scene();
  say(5, 1, 'one');
  say(6, 1, 'two');
  await pass(500);
  expect([...shown.keys()]).toEqual([5, 6]);
  read(5, 1);
  await pass(500);
  expect([...shown.keys()]).toEqual([6]);
  say(6, 1, '', BORIS, AT);
  await pass(500);
  expect([...shown.keys()]).toEqual([]);
});

test('of several tabs one tells; where one is in front there is a sound alone', async () => {
  const { say, pass, told, tabs, rung } = scene();
  tabs.teller = false;
  say(5, 1, 'one');
  await pass(500);
  expect([told.length, rung()]).toEqual([0, 0]);
  tabs.teller = true;
  tabs.tabs = [hidden, { visible: true, front: true, chatId: 6 }];
  say(5, 2, 'two');
  await pass(500);
  expect([told.length, rung()]).toEqual([0, 1]);
});

test('what was missed while the connection was away is told without a sound', async () => {
  const { say, pass, told, state, rung } = scene();
  state.name = 'syncing';
  say(5, 1, 'one');
  await pass(500);
  expect([told.length, rung()]).toEqual([1, 0]);
});

test('without the wish nothing is shown or sounds, and it is known that it would have been of use', async () => {
  const { say, pass, told, wishes, notifier, tabs, rung } = scene();
  wishes.notifications = false;
  wishes.sound = false;
  tabs.tabs = [{ visible: true, front: true, chatId: undefined }];
  say(5, 1, 'one');
  await pass(500);
  expect(notifier.useful.get()).toBe(false);
  tabs.tabs = [hidden];
  say(5, 2, 'two');
  await pass(500);
  expect([told.length, rung()]).toEqual([0, 0]);
  expect(notifier.useful.get()).toBe(true);
});

test('whoever has written something may be offered notifications', () => {
  const { say, notifier } = scene();
  say(5, 1, 'mine', SELF);
  expect(notifier.useful.get()).toBe(true);
});
