/** A queue of items that are done in batches. */
export interface Lane<Item, Answer> {
  /** Takes one item and settles with its own answer. */
  (item: Item): Promise<Answer>;
  /** How long one that comes now would wait for its batch to begin, in milliseconds; an estimate. */
  waitMs: () => number;
}

interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface LaneOptions {
  /** Items of one batch at most. */
  maxBatch: number;
  /** Items that may wait, which bounds the memory; past them `refuse` makes the error of a further one. */
  maxWaiting: number;
  /** How long an item may have to wait, by estimate; one that would wait longer is refused at once rather than late. */
  maxWaitMs: number;
  refuse: () => Error;
  /** Milliseconds from some moment on; never goes back. */
  now: () => number;
}

/** How much the latest batch counts in the usual time of one. */
const NEWEST = 0.2;

/**
 * Group commit: while one batch is under way, what arrives waits and goes into the next, all together. An item that
 * finds the lane free starts at once, so a lone one is never delayed.
 *
 * @param work does a batch, and answers for each item in the order given; if it fails, all of the batch fail.
 */
export function createLane<Item, Answer>(
  work: (items: readonly Item[]) => Promise<readonly Answer[]>,
  options: LaneOptions,
): Lane<Item, Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let busy = false;
  /** When the batch under way began, and how long one usually takes. */
  let began = 0;
  let usualMs = 0;

  function waitMs(): number {
    if (!busy) return 0;
    // One that takes unusually long is stuck: that it goes on as long as it has is the best guess.
    const underWay = Math.max(usualMs, options.now() - began);
    return underWay + Math.floor(waiting.length / options.maxBatch) * usualMs;
  }

  async function run(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, options.maxBatch);
      began = options.now();
      try {
        const answers = await work(batch.map(({ item }) => item));
        for (const [index, { resolve, reject }] of batch.entries()) {
          const answer = answers[index];
          if (answer === undefined) reject(new Error('a batch left an item without an answer'));
          else resolve(answer);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      usualMs += NEWEST * (options.now() - began - usualMs);
    }
    busy = false;
  }

  const take = async (item: Item): Promise<Answer> =>
    new Promise<Answer>((resolve, reject) => {
      if (waiting.length >= options.maxWaiting || waitMs() > options.maxWaitMs) {
        reject(options.refuse());
        return;
      }
      waiting.push({ item, resolve, reject });
      if (!busy) void run();
    });
  return Object.assign(take, { waitMs });
}
