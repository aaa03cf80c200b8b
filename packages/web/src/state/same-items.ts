import type { Item } from './timeline.ts';

/** The items anew, where they are as they were by the objects that they were: what is drawn from those stays drawn. */
export function sameItems(before: readonly Item[], now: readonly Item[]): readonly Item[] {
  const held = new Map(before.map((item) => [item.key, item]));
  const items = now.map((item) => {
    const old = held.get(item.key);
    return old !== undefined && isSame(old, item) ? old : item;
  });
  return items.length === before.length && items.every((item, index) => item === before[index]) ? before : items;
}

/** Reactions and quotes are values of the store, which are the same as long as the message is. */
function isSame(one: Item, other: Item): boolean {
  const [first, second] = [Object.entries(one), Object.entries(other)];
  return (
    first.length === second.length &&
    first.every(([name, value], index) => {
      const [otherName, otherValue] = second[index] ?? [];
      return name === otherName && Object.is(value, otherValue);
    })
  );
}
