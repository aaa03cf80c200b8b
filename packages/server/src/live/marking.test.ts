import { describe, expect, test } from 'vitest';
import { ProblemError } from '../domain/problem.ts';
import type { MarkAct } from '../domain/reading-acts.ts';
import type { Marked } from '../domain/reading.ts';
import { createMarking, HOLD_MS, MAX_HELD } from './marking.ts';

/** Marking whose writes are answered by the test, on a clock that the test moves. */
function world() {
  let now = 0;
  let timers: { at: number; act: () => void }[] = [];
  const writes: MarkAct[][] = [];
  const answers: ((marked?: readonly Marked[]) => void)[] = [];
  const marking = createMarking(
    async (acts) => {
      writes.push([...acts]);
      return new Promise((resolve) =>
        answers.push((marked) => resolve(marked ?? acts.map(() => ({ problem: undefined })))),
      );
    },
    (ms, act) => timers.push({ at: now + ms, act }),
    () => now,
  );
  const acknowledged: number[] = [];
  return {
    marking,
    acknowledged,
    /** The messages of each write. */
    written: () => writes.map((acts) => acts.map((act) => (act.mark === 'settings' ? act.mark : act.messageId))),
    commit: async (marked?: readonly Marked[]) => {
      answers.shift()?.(marked);
      await settle();
    },
    wait: async (ms: number) => {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { act } of due) act();
      await settle();
    },
    read: async (messageId: number, userId = 1) => {
      const done = marking.mark({ chatId: 5, userId, mark: 'read', messageId });
      void done.then(
        () => acknowledged.push(messageId),
        () => {},
      );
      await settle();
      return { done };
    },
  };
}

/** All that can happen without another answer or timer has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('MK1 marks go together', () => {
  test('MK1 the first mark is written at once and acknowledged after its commit', async () => {
    const { read, written, commit, acknowledged } = world();
    await read(3);
    expect(written()).toEqual([[3]]);
    expect(acknowledged).toEqual([]);
    await commit();
    expect(acknowledged).toEqual([3]);
  });

  test('MK1 what comes while it is written, and within 500 ms after, goes into one further write', async () => {
    const { read, written, commit, wait, acknowledged } = world();
    await read(1);
    await read(2);
    await commit();
    await read(3);
    await wait(HOLD_MS - 1);
    await read(4);
    expect(written()).toEqual([[1]]);
    await wait(1);
    expect(written()).toEqual([[1], [2, 3, 4]]);
    expect(acknowledged).toEqual([1]);
    await commit();
    expect(acknowledged).toEqual([1, 2, 3, 4]);
  });

  test('MK1 after 500 ms of quiet the next is written at once again', async () => {
    const { read, written, commit, wait } = world();
    await read(1);
    await commit();
    await wait(HOLD_MS);
    await read(2);
    expect(written()).toEqual([[1], [2]]);
  });

  test('MK1 five hundred at once are six writes', async () => {
    const { read, written, commit, wait, acknowledged } = world();
    for (let id = 1; id <= 500; id += 1) await read(id);
    for (let turn = 0; turn < 10; turn += 1) await commit();
    await wait(HOLD_MS);
    await commit();
    expect(acknowledged).toHaveLength(500);
    expect(written().length).toBeLessThanOrEqual(2 + Math.ceil(500 / MAX_HELD));
  });

  test('MK1 others are not held back, and what they mark at one time is one write', async () => {
    const { read, written, commit } = world();
    for (const userId of [1, 2, 3]) await read(7, userId);
    expect(written()).toEqual([[7]]);
    await commit();
    expect(written()).toEqual([[7], [7, 7]]);
  });

  test('MK1 a refusal is for the one that is refused', async () => {
    const { read, commit, wait, acknowledged } = world();
    await read(1);
    await commit();
    await read(2);
    const { done } = await read(99);
    await wait(HOLD_MS);
    await commit([{ problem: undefined }, { problem: new ProblemError('message_not_found') }]);
    await expect(done).rejects.toMatchObject({ code: 'message_not_found' });
    expect(acknowledged).toEqual([1, 2]);
  });

  test('MK1 a mark of unread waits for nothing, and what came before it goes first', async () => {
    const { marking, read, written, commit } = world();
    await read(5);
    await commit();
    await read(6);
    void marking.mark({ chatId: 5, userId: 1, mark: 'unread', messageId: 2 });
    await settle();
    expect(written()).toEqual([[5], [6, 2]]);
  });

  test('MK1 at the end nothing is held back', async () => {
    const { marking, read, written, commit, acknowledged } = world();
    await read(1);
    await read(2);
    const drained = marking.drain();
    await read(3);
    await commit();
    await commit();
    await drained;
    expect(written().flat()).toEqual([1, 2, 3]);
    expect(acknowledged).toEqual([1, 2, 3]);
  });
});
