import { describe, expect, test } from 'vitest';
import { createLane, type Lane } from './lane.ts';

interface Batch {
  items: readonly string[];
  succeed: () => void;
  fail: (error: Error) => void;
}

/** A lane whose batches the test settles by hand. */
function lane(options: { maxBatch?: number; maxWaiting?: number; maxWaitMs?: number } = {}): {
  send: Lane<string, string>;
  batches: Batch[];
  /** Lets time pass. */
  pass: (ms: number) => void;
} {
  const clock = { ms: 0 };
  const batches: Batch[] = [];
  const send = createLane<string, string>(
    async (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, succeed: () => resolve(items.map((item) => `${item} done`)), fail: reject });
      }),
    {
      maxBatch: 100,
      maxWaiting: 100,
      maxWaitMs: 2000,
      now: () => clock.ms,
      refuse: () => new Error('full'),
      ...options,
    },
  );
  return {
    send,
    batches,
    pass: (ms) => {
      clock.ms += ms;
    },
  };
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

  test('an item that would wait too long is refused at once: behind a batch that is stuck', async () => {
    const { send, batches, pass } = lane({ maxWaitMs: 2000 });
    const stuck = send('a');
    const waiting = send('b');
    pass(2000);
    const late = send('c');
    pass(1);
    await expect(send('d')).rejects.toThrow('full');
    batches[0]?.succeed();
    await stuck;
    batches[1]?.succeed();
    expect(await Promise.all([waiting, late])).toEqual(['b done', 'c done']);
    // It goes on as before, and a lone item finds no wait at all.
    expect(send.waitMs()).toBe(0);
  });

  test('an item that would wait too long is refused at once: behind more batches than can be done by then', async () => {
    const { send, batches, pass } = lane({ maxBatch: 1, maxWaitMs: 200 });
    for (let round = 0; round < 30; round += 1) {
      const answer = send('usual');
      pass(100);
      batches.at(-1)?.succeed();
      await answer;
    }
    // Each of them takes 100 ms: the one under way, and the two that 200 ms are enough for.
    const answers = ['a', 'b', 'c'].map(async (item) => send(item));
    expect(send.waitMs()).toBeGreaterThan(200);
    await expect(send('d')).rejects.toThrow('full');
    for (const answer of answers) {
      batches.at(-1)?.succeed();
      await answer;
    }
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
