import type { ChatView } from '@beseda/client/store/views.ts';
import { FORWARDED } from '@beseda/protocol/limits.ts';
import { expect, test } from 'vitest';
import { chatsToChoose, forwardRequest, toggled } from './forwarding.ts';

const chat = (id: number, name: string, pinned = false) => ({ id, name, pinned, peer: null }) as ChatView;

test('chats are those of the list, and with a query those that fit it', () => {
  const inbox = [chat(1, 'Garden'), chat(2, 'Book club', true), chat(3, 'The garden')];
  const ids = (query: string) => chatsToChoose(inbox, query).map(({ id }) => id);
  expect(ids('')).toEqual([2, 1, 3]);
  expect(ids(' GARD')).toEqual([1, 3]);
  expect(ids('x')).toEqual([]);
});

test('a chat is chosen and taken back, and no more than may be are', () => {
  expect(toggled([1], 2)).toEqual([1, 2]);
  expect(toggled([1, 2], 1)).toEqual([2]);
  const most = Array.from({ length: FORWARDED.chats }, (_, index) => index);
  expect(toggled(most, 99)).toEqual(most);
  expect(toggled(most, 0)).toHaveLength(FORWARDED.chats - 1);
});

test('what is asked for has an id for each, and a comment only where there is one', () => {
  let ids = 0;
  const uuid = () => `id ${(ids += 1)}`;
  expect(forwardRequest({ chatId: 5, id: 3 }, [6, 7], ' look ', uuid)).toEqual({
    chat_id: 5,
    messages: [{ id: 3, client_id: 'id 1' }],
    chat_ids: [6, 7],
    comment: { text: 'look', client_id: 'id 2' },
  });
  expect(forwardRequest({ chatId: 5, id: 3 }, [6], ' ', uuid)).not.toHaveProperty('comment');
});
