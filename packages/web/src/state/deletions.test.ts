import { ApiError } from '@beseda/client/api-error.ts';
import { describe, expect, test } from 'vitest';
import { createDeletions, deletionKey, withoutLeaving } from './deletions.ts';
import { handClock } from './hand-clock.testing.ts';
import { createNotices } from './notices.ts';
import type { Item, MessageItem } from './timeline.ts';

const refused = new ApiError({ type: 'about:blank', title: 'No', status: 403, detail: 'Not you.', code: 'forbidden' });

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

function scene() {
  const clock = handClock();
  const notices = createNotices(clock);
  const deleted: unknown[] = [];
  let fails = false;
  const deletions = createDeletions(
    {
      async delete(_chatId, key) {
        deleted.push(key);
        if (fails) throw refused;
      },
    },
    notices,
  );
  return { clock, notices, deletions, deleted, refuse: () => (fails = true) };
}

describe('deleting', () => {
  test('the message is off the screen at once, and off the server in five seconds', async () => {
    const { clock, deletions, deleted } = scene();
    deletions.delete(5, { id: 7 });
    expect([...deletions.get()]).toEqual([deletionKey(5, 7)]);
    clock.pass(4999);
    expect(deleted).toEqual([]);
    clock.pass(1);
    await settled();
    expect([deleted, [...deletions.get()]]).toEqual([[7], []]);
  });

  test('undone, it is back and never asked of the server', async () => {
    const { clock, notices, deletions, deleted } = scene();
    deletions.delete(5, { id: 7 });
    const [notice] = notices.get();
    if (notice?.kind !== 'deleted') throw new Error('undoing is offered');
    notice.undo();
    notices.close(notice.key);
    clock.pass(10_000);
    await settled();
    expect([deleted, [...deletions.get()]]).toEqual([[], []]);
  });

  test('what is refused comes back, and it is told why; one on its way is taken back at once', async () => {
    const { clock, notices, deletions, deleted, refuse } = scene();
    deletions.delete(5, { id: 'on its way' });
    expect(deleted).toEqual(['on its way']);
    refuse();
    deletions.delete(5, { id: 7 });
    clock.pass(5000);
    await settled();
    expect([...deletions.get()]).toEqual([]);
    expect(notices.get()).toMatchObject([{ kind: 'failed', deed: 'delete', problem: { code: 'forbidden' } }]);
  });

  test('before the page goes, what waits is deleted, once', async () => {
    const { clock, notices, deletions, deleted } = scene();
    deletions.delete(5, { id: 7 });
    deletions.flush();
    expect(notices.get()).toEqual([]);
    clock.pass(5000);
    await settled();
    expect(deleted).toEqual([7]);
  });

  test('a message that waits keeps its place as a deleted one', () => {
    const message: MessageItem = {
      kind: 'message',
      key: 'message 7',
      id: 7,
      senderId: 1,
      mine: true,
      text: 'hello',
      at: '2026-11-22T12:00:00.000Z',
      edited: false,
      deleted: false,
      pinned: false,
      forwardedFrom: undefined,
      replyTo: null,
      reactions: [{ emoji: '👍', count: 1, user_ids: [2] }],
      files: [],
      first: true,
      last: true,
      mark: 'sent',
      failure: undefined,
    };
    const items: Item[] = [{ kind: 'start', key: 'start' }, message];
    const shown = withoutLeaving(items, 5, new Set([deletionKey(5, 7)]));
    expect(shown).toMatchObject([{ key: 'start' }, { key: 'message 7', deleted: true, reactions: [] }]);
    expect(withoutLeaving(items, 6, new Set([deletionKey(5, 7)]))).toEqual(items);
  });
});
