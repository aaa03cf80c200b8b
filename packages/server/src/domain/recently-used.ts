/** What was used last, by key. */
export interface RecentlyUsed<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/**
 * Keeps values up to a bound; past it the ones longest unused are forgotten.
 *
 * @param most of what `sizeOf` measures, over all values; a value larger than that is not kept.
 * @param sizeOf of a value that never changes; 1 for each where it is left out.
 */
export function createRecentlyUsed<Value>(
  most: number,
  sizeOf: (value: Value) => number = () => 1,
): RecentlyUsed<Value> {
  /** The one longest unused first. */
  const values = new Map<string, Value>();
  let size = 0;

  function forget(key: string): Value | undefined {
    const value = values.get(key);
    if (value === undefined) return undefined;
    values.delete(key);
    size -= sizeOf(value);
    return value;
  }

  function keep(key: string, value: Value): void {
    if (sizeOf(value) > most) return;
    values.set(key, value);
    size += sizeOf(value);
    for (const oldest of values.keys()) {
      if (size <= most) break;
      forget(oldest);
    }
  }

  return {
    get(key) {
      const value = forget(key);
      if (value !== undefined) keep(key, value);
      return value;
    },
    set(key, value) {
      forget(key);
      keep(key, value);
    },
  };
}
