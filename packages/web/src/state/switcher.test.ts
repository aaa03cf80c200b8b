import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import { expect, test } from 'vitest';
import { neighbour } from './neighbour.ts';
import { choices } from './switcher.ts';

function chat(id: number, name: string, peerId?: number): ChatView {
  return {
    id,
    name,
    is_group: peerId === undefined,
    creator_id: 1,
    peer: peerId === undefined ? null : { id: peerId, username: `user${peerId}`, display_name: name },
    created_at: '2026-11-22T10:00:00.000Z',
    last_message_id: 0,
    last_message: undefined,
    last_read_id: 0,
    unread_count: 0,
    others_read_id: 0,
    others_delivered_id: 0,
    marked_unread_id: null,
    muted: false,
    pinned: false,
  };
}

function said(chatId: number, id: number, text: string, deletedAt: string | null = null): MessageState {
  return {
    id,
    chat_id: chatId,
    version: id,
    sender_id: 2,
    client_id: null,
    text,
    created_at: `2026-11-22T10:00:0${id}.000Z`,
    reply_to: null,
    reactions: [],
    files: [],
    edited_at: null,
    deleted_at: deletedAt,
    pinned_at: null,
    forwarded_from: null,
  };
}

const inbox = [chat(1, 'Release bridge'), chat(2, 'Boris', 7), chat(3, 'The bridge club'), chat(4, 'Abridged')];
const held = new Map([
  [1, [said(1, 1, 'tagged 1.4'), said(1, 3, 'see Boris')]],
  [3, [said(3, 2, 'boris deals'), said(3, 4, 'Boris said a word', '2026-11-22T11:00:00.000Z')]],
]);
const input = {
  inbox,
  store: {
    messages: (chatId: number) => ({ runs: [held.get(chatId) ?? []], begins: true, ends: true, pending: [] }),
  },
  people: [],
  actions: [
    { action: 'group', label: 'New group' },
    { action: 'dark', label: 'Dark' },
  ],
} as const;

const keys = (query: string): string[] => choices({ ...input, query }).map(({ key }) => key);

test('without a query: the latest chats, and all that one can do', () => {
  expect(keys(' ')).toEqual(['chat-1', 'chat-2', 'chat-3', 'chat-4', 'action-group', 'action-dark']);
});

test('names that begin with the query come before words that do, and those before the rest', () => {
  expect(keys('BRIDGE')).toEqual(['chat-1', 'chat-3', 'chat-4']);
  expect(keys('abr')).toEqual(['chat-4']);
  expect(keys('the b')).toEqual(['chat-3']);
});

test('messages that are held are found, the newest first, and none that was deleted', () => {
  expect(keys('boris')).toEqual(['chat-2', 'message-1-3', 'message-3-2']);
});

test('a chat is found by the username of the other person, who is not named twice', () => {
  const people = [
    { id: 7, username: 'user7', display_name: 'Boris' },
    { id: 8, username: 'user8', display_name: null },
  ];
  expect(choices({ ...input, people, query: 'user' }).map(({ key }) => key)).toEqual(['chat-2', 'person-8']);
});

test('of a long message the part is shown in which the query stands', () => {
  const store = {
    messages: () => ({ runs: [[said(1, 1, `${'word '.repeat(100)}needle`)]], begins: true, ends: true, pending: [] }),
  };
  const [choice] = choices({ ...input, inbox: inbox.slice(0, 1), store, query: 'needle' });
  expect(choice).toMatchObject({ kind: 'message', text: '… word word word word needle' });
});

test('the next chat follows the list, around its ends', () => {
  expect(neighbour(inbox, 1, 1)).toBe(2);
  expect(neighbour(inbox, 1, -1)).toBe(4);
  expect(neighbour(inbox, 4, 1)).toBe(1);
  expect(neighbour(inbox, undefined, 1)).toBe(1);
  expect(neighbour([], undefined, 1)).toBeUndefined();
});
