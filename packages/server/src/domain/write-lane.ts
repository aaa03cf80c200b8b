/** Takes one item and settles with its own answer. */
export type Lane<Item, Answer> = (item: Item) => Promise<Answer>;

interface Waiting<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface LaneOptions {
  /** Items of one batch at most. */
  maxBatch: number;
  /** Items that may wait; past them `refuse` makes the error of a further one. */
  maxWaiting: number;
  refuse: () => Error;
}

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

  async function run(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, options.maxBatch);
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
    }
    busy = false;
  }

  return async (item) =>
    new Promise<Answer>((resolve, reject) => {
      if (waiting.length >= options.maxWaiting) {
        reject(options.refuse());
        return;
      }
      waiting.push({ item, resolve, reject });
      if (!busy) void run();
    });
}
