import { clientError } from '@beseda/client/api-error.ts';
import { expect, test } from 'vitest';
import { createReadersList } from './readers.ts';

test('readers are read page by page; where a page fails, the same one is asked for again', async () => {
  const asked: (number | undefined)[] = [];
  let fails = false;
  const list = createReadersList(async (after) => {
    asked.push(after);
    if (fails) throw clientError('unreachable', 'away');
    const id = (after ?? 0) + 1;
    return {
      read_count: 2,
      readers: [{ user_id: id, read_at: null }],
      delivered: [],
      next_after: id === 1 ? id : null,
    };
  });
  await list.load();
  fails = true;
  await list.load();
  expect(list.get()).toMatchObject({ state: 'failed', more: true, readers: [{ user_id: 1 }] });
  fails = false;
  await list.load();
  await list.load();
  expect(list.get()).toMatchObject({ state: 'ready', more: false, readers: [{ user_id: 1 }, { user_id: 2 }] });
  expect(asked).toEqual([undefined, 1, 1]);
});
