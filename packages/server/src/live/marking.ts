import type { Timer } from '../clock.ts';
import { ProblemError } from '../domain/problem.ts';
import type { MarkAct } from '../domain/reading-acts.ts';
import type { Marked } from '../domain/reading.ts';
import { createLane } from '../domain/lane.ts';

/** Marks of users in their chats. */
export interface Marking {
  /**
   * Does what a user asks for about what they have read and how they set a chat; settles once that is committed and told.
   *
   * @throws ProblemError `chat_not_found`, `message_not_found`, `unavailable`.
   */
  mark(act: MarkAct): Promise<void>;
  /** Nothing is held back any more; settles once all that was is written. */
  drain(): Promise<void>;
}

/** Members that one transaction marks for at most: a few milliseconds of work. */
const MAX_BATCH = 256;

/** Members that may wait to be marked for at all. */
const MAX_WAITING = 20_000;

/** What would wait longer, as behind a database that is stuck, is refused at once rather than late. */
const MAX_WAIT_MS = 2000;

/** How long, in milliseconds, the marks of a member in a chat are held back after one was written, to go as one. */
export const HOLD_MS = 500;

/**
 * Acts of one member in one chat that are held back at most; half of what one socket may have under way, so that who
 * scrolls fast is never kept from doing other things.
 */
export const MAX_HELD = 128;

interface Held {
  act: MarkAct;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/**
 * The one path by which marks are written. The first mark of a member in a chat is written at once; those that come
 * while that is under way or within `HOLD_MS` after it wait and are written together. What members of all chats have
 * to write at one time goes into one transaction.
 *
 * @param write does acts in their order, commits them, tells of them, and answers for each.
 * @param now milliseconds from some moment on, which never go back.
 */
export function createMarking(
  write: (acts: readonly MarkAct[]) => Promise<readonly Marked[]>,
  later: Timer,
  now: () => number,
): Marking {
  const lane = createLane(
    async (groups: readonly (readonly MarkAct[])[]) => {
      const marked = await write(groups.flat());
      let given = 0;
      return groups.map(({ length }) => marked.slice(given, (given += length)));
    },
    {
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING,
      maxWaitMs: MAX_WAIT_MS,
      now,
      refuse: () =>
        new ProblemError('unavailable', 'More marks are waiting to be stored than can be: try again soon.', {
          retryAfter: 1,
        }),
    },
  );
  /** By member and chat: what is held back since something was written. */
  const held = new Map<string, Held[]>();
  const underWay = new Set<Promise<void>>();
  let draining = false;

  /** Gives acts to the lane, and holds back what comes of the same member and chat until a while after. */
  function begin(key: string, acts: readonly Held[]): void {
    const waiting: Held[] = [];
    held.set(key, waiting);
    const done = store(acts).finally(() => {
      underWay.delete(done);
      // Something was in a hurry meanwhile, and what comes after it is held back by it.
      if (held.get(key) !== waiting) return;
      if (draining) release(key);
      else holdBack(key, waiting);
    });
    underWay.add(done);
  }

  function holdBack(key: string, waiting: readonly Held[]): void {
    later(HOLD_MS, () => {
      if (held.get(key) === waiting) release(key);
    });
  }

  /** Settles once each is answered, whatever the answer. */
  async function store(acts: readonly Held[]): Promise<void> {
    try {
      const marked = await lane(acts.map(({ act }) => act));
      for (const [index, { resolve, reject }] of acts.entries()) {
        const problem = marked[index]?.problem;
        if (problem === undefined) resolve();
        else reject(problem);
      }
    } catch (error) {
      for (const { reject } of acts) reject(error);
    }
  }

  function release(key: string): void {
    const acts = held.get(key) ?? [];
    if (acts.length > 0) begin(key, acts);
    else held.delete(key);
  }

  return {
    async mark(act) {
      return new Promise((resolve, reject) => {
        const entry: Held = { act, resolve, reject };
        const key = `${act.chatId}/${act.userId}`;
        const waiting = held.get(key);
        if (waiting === undefined) {
          begin(key, [entry]);
          return;
        }
        waiting.push(entry);
        // What is a press of a button is not kept waiting, and takes along what came before it.
        const pressed = act.mark === 'unread' || act.mark === 'settings';
        if (draining || pressed || waiting.length >= MAX_HELD) release(key);
      });
    },

    async drain() {
      draining = true;
      for (const key of held.keys()) release(key);
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
