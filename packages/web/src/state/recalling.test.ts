import { expect, test } from 'vitest';
import type { KeptMessages } from '@beseda/client/store/snapshot.ts';
import { recallMessages } from './recalling.ts';

type Parts = Parameters<typeof recallMessages>;

/** So many chats, their messages kept, and a pause that ends when it is told to. */
function scene(chats: number, whileReading: () => void = () => undefined) {
  const recalled: number[] = [];
  const pauses: (() => void)[] = [];
  const asked: (readonly number[])[] = [];
  const inbox = Array.from({ length: chats }, (_, index) => ({ id: index + 1 }));
  const client = {
    userId: 1,
    store: { inbox: () => inbox },
    recall: ({ chat_id: chatId }: KeptMessages) => void recalled.push(chatId),
  };
  const messages: Parts[1]['messages'] = async (_userId, chatIds) => {
    asked.push(chatIds);
    whileReading();
    return chatIds.map((chatId) => ({ chat_id: chatId, version: 1, messages: [] }));
  };
  const pause = async (): Promise<void> => new Promise((resolve) => pauses.push(resolve));
  return {
    client,
    asked,
    recalled,
    done: recallMessages(client, { messages }, 1, pause),
    next: async () => {
      pauses.shift()?.();
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
  };
}

test('messages are taken in after a pause, a few chats at a time, the first of the list first', async () => {
  const { recalled, asked, done, next } = scene(25);
  expect(asked).toEqual([]);
  await next();
  expect(recalled).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await next();
  await next();
  await done;
  expect(asked.map(({ length }) => length)).toEqual([10, 10, 5]);
  expect(recalled).toHaveLength(25);
});

test('nothing of one user is taken in for another', async () => {
  const { client, recalled, done, next } = scene(5);
  client.userId = 2;
  await next();
  await done;
  expect(recalled).toEqual([]);
});

test('where nothing can be read the rest goes on without', async () => {
  const { recalled, done, next } = scene(5, () => {
    throw new Error('the database is gone');
  });
  await next();
  await done;
  expect(recalled).toEqual([]);
});
