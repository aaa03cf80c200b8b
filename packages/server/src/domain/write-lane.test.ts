import { describe, expect, test } from 'vitest';
import { createLane, type Lane } from './write-lane.ts';

interface Batch {
  items: readonly string[];
  succeed: () => void;
  fail: (error: Error) => void;
}

/** A lane whose batches the test settles by hand. */
function lane(options: { maxBatch?: number; maxWaiting?: number } = {}): {
  send: Lane<string, string>;
  batches: Batch[];
} {
  const batches: Batch[] = [];
  const send = createLane<string, string>(
    async (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, succeed: () => resolve(items.map((item) => `${item} done`)), fail: reject });
      }),
    { maxBatch: 100, maxWaiting: 100, refuse: () => new Error('full'), ...options },
  );
  return { send, batches };
}

describe('the write lane', () => {
  test('a lone item starts at once, without waiting for company', async () => {
    const { send, batches } = lane();
    const answer = send('a');
    expect(batches.map(({ items }) => items)).toEqual([['a']]);
    batches[0]?.succeed();
    expect(await answer).toBe('a done');
  });

  test('what arrives while a batch is under way goes into the next one together, in its order', async () => {
    const { send, batches } = lane();
    const answers = ['a', 'b', 'c', 'd'].map(async (item) => send(item));
    expect(batches.map(({ items }) => items)).toEqual([['a']]);
    batches[0]?.succeed();
    await answers[0];
    expect(batches.map(({ items }) => items)).toEqual([['a'], ['b', 'c', 'd']]);
    batches[1]?.succeed();
    expect(await Promise.all(answers)).toEqual(['a done', 'b done', 'c done', 'd done']);
  });

  test('a batch holds no more than its bound; the rest follows', async () => {
    const { send, batches } = lane({ maxBatch: 2 });
    const answers = ['a', 'b', 'c', 'd'].map(async (item) => send(item));
    for (const [index, answer] of [answers[0], answers[2], answers[3]].entries()) {
      batches[index]?.succeed();
      await answer;
    }
    expect(batches.map(({ items }) => items)).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  test('the failure of a batch rejects its items, and those alone', async () => {
    const { send, batches } = lane();
    const first = send('a');
    const failing = [send('b'), send('c')];
    batches[0]?.succeed();
    expect(await first).toBe('a done');
    const later = send('d');
    batches[1]?.fail(new Error('the database went away'));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(failing[0]).rejects.toThrow('the database went away');
    batches[2]?.succeed();
    expect(await later).toBe('d done');
  });

  test('an item that finds too many waiting is refused at once, and does not disturb the others', async () => {
    const { send, batches } = lane({ maxWaiting: 2 });
    const answers = ['a', 'b', 'c'].map(async (item) => send(item));
    await expect(send('d')).rejects.toThrow('full');
    batches[0]?.succeed();
    await answers[0];
    batches[1]?.succeed();
    expect(await Promise.all(answers)).toEqual(['a done', 'b done', 'c done']);
  });

  test('once idle again, the lane starts the next lone item at once', async () => {
    const { send, batches } = lane();
    const first = send('a');
    batches[0]?.succeed();
    await first;
    const second = send('b');
    expect(batches).toHaveLength(2);
    batches[1]?.succeed();
    expect(await second).toBe('b done');
  });
});
