import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { Topic } from '@beseda/client/store/topics.ts';
import type { ChatMessages, ChatView } from '@beseda/client/store/views.ts';
import type { User } from '@beseda/protocol/users.ts';
import { expect, test } from 'vitest';
import { createMentionMarks } from './mention-marks.ts';

function said(id: number, text: string, more: Partial<MessageState> = {}): MessageState {
  return {
    id,
    chat_id: 1,
    version: id,
    sender_id: 2,
    client_id: null,
    text,
    created_at: '2026-11-22T10:00:00.000Z',
    reply_to: null,
    reactions: [],
    files: [],
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    forwarded_from: null,
    ...more,
  };
}

/** A chat of one user, `anna`, whose reading mark and messages are set by hand. */
function scene() {
  const listeners = new Map<string, Set<() => void>>();
  let messages: ChatMessages = { runs: [], begins: true, ends: true, pending: [] };
  let lastReadId = 0;
  const known = new Map<number, User>([[1, { id: 1, username: 'anna', display_name: 'A' }]]);
  const chat = (): ChatView => {
    const lastId = messages.runs.flat().at(-1)?.id ?? 0;
    return {
      id: 1,
      name: '',
      is_group: true,
      creator_id: 1,
      peer: null,
      created_at: '',
      last_message_id: lastId,
      last_message: undefined,
      last_read_id: lastReadId,
      marked_unread_id: null,
      muted: false,
      pinned: false,
      unread_count: lastId - lastReadId,
      others_read_id: 0,
      others_delivered_id: 0,
    };
  };
  const tell = (of: Topic['of']): void => {
    for (const listener of listeners.get(of) ?? []) listener();
  };
  const marks = createMentionMarks(
    {
      inbox: () => [chat()],
      messages: () => messages,
      watch({ of }, listener) {
        const own = (): void => listener();
        const watching = listeners.get(of) ?? new Set();
        listeners.set(of, watching.add(own));
        return () => watching.delete(own);
      },
    },
    { person: (id) => known.get(id), watch: () => () => undefined },
    () => 1,
  );
  return {
    marked: () => marks.get().has(1),
    marks,
    holds: (...all: MessageState[]): void => {
      messages = { ...messages, runs: [all] };
      tell('inbox');
      tell('messages');
    },
    reads: (messageId: number): void => {
      lastReadId = messageId;
      tell('inbox');
    },
    watched: () => listeners.get('messages')?.size ?? 0,
  };
}

test('a chat is marked while a message that was not read names the user', () => {
  const { marked, holds, reads, watched } = scene();
  holds(said(1, 'hello'));
  expect(marked()).toBe(false);
  holds(said(1, 'hello'), said(2, 'and @Anna?'), said(3, 'hm'));
  expect(marked()).toBe(true);
  reads(1);
  expect(marked()).toBe(true);
  reads(2);
  expect(marked()).toBe(false);
  reads(3);
  expect(watched()).toBe(0);
});

test('one’s own words, what was deleted and names of others do not count; an edit does', () => {
  const { marked, holds } = scene();
  const gone = said(2, '@anna', { deleted_at: '2026-11-22T11:00:00.000Z' });
  holds(said(1, '@anna', { sender_id: 1 }), gone, said(3, '@annabel'));
  expect(marked()).toBe(false);
  holds(said(1, 'I am @anna', { sender_id: 1 }), gone, said(3, '@anna'));
  expect(marked()).toBe(true);
});

test('a mention that is not held any more counts until it is read', () => {
  const { marked, holds, reads } = scene();
  holds(said(1, 'hello'), said(2, '@anna'), said(3, 'hm'));
  holds(said(3, 'hm'), said(4, 'well'));
  expect(marked()).toBe(true);
  reads(2);
  expect(marked()).toBe(false);
});

test('watchers are told only when a mark comes or goes', () => {
  const { marks, holds } = scene();
  let told = 0;
  marks.watch(() => {
    told += 1;
  });
  holds(said(1, 'hello'));
  holds(said(1, 'hello'), said(2, '@anna'));
  holds(said(1, 'hello'), said(2, '@anna'), said(3, '@anna again'));
  expect(told).toBe(1);
});
