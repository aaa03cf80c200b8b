/** A value that views read and watch. */
export interface Watched<T> {
  get: () => T;
  /** Calls back after each change. Returns what ends that. */
  watch: (listener: () => void) => () => void;
}

/** A {@link Watched} with its other end. */
export interface Settable<T> extends Watched<T> {
  set: (value: T) => void;
}

export function settable<T>(initial: T): Settable<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    watch(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
