/** How everything that is open is closed bit by bit. */
export interface Draining<Item> {
  items: readonly Item[];
  /** Begins to close one. */
  close: (item: Item) => void;
  /** Milliseconds over which the closing is spread. */
  spreadMs: number;
  delay: (ms: number) => Promise<unknown>;
  /** From 0 to less than 1. */
  random: () => number;
}

/** So many come back elsewhere at once without being felt there. */
const FEW = 50;

const STEP_MS = 50;

/**
 * Closes all in random order, evenly over the time given, so that those who come back elsewhere do not all come at
 * once; a few are closed at once. Settles when the closing of the last has begun.
 */
export async function drain<Item>({ items, close, spreadMs, delay, random }: Draining<Item>): Promise<void> {
  const left = shuffled(items, random);
  const steps = left.length <= FEW ? 1 : Math.max(1, Math.ceil(spreadMs / STEP_MS));
  const perStep = Math.ceil(left.length / steps);
  while (left.length > 0) {
    for (const item of left.splice(0, perStep)) close(item);
    if (left.length > 0) await delay(STEP_MS);
  }
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
