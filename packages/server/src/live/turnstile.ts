/** Does something when there is room for it; settles as it does. */
export type Turnstile = <T>(act: () => Promise<T>) => Promise<T>;

/** Lets at most `limit` calls of one kind be under way; the others wait, the first come first. */
export function createTurnstile(limit: number): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (act) => {
    if (inside === limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    }
  };
}
