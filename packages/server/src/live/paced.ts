import type { Stopwatch } from '../clock.ts';

/** Tells a state that changes often, and not each time that it does. */
export interface Paced {
  /** The state may have changed. */
  look(): void;
  /** Whether a change would be told at once. */
  rested(): boolean;
}

export interface PacedOptions<State extends string | number> {
  /** What whoever is told takes for granted before anything was told. */
  initial: State;
  read: () => State;
  tell: (state: State) => void;
  /** Milliseconds between two tellings at least. */
  everyMs: () => number;
  /** Milliseconds after which a state other than the initial is told again though it has not changed. */
  againMs?: number;
  stopwatch: Stopwatch;
}

/** The first change is told at once; what comes soon after is told together, as the state is then, if it differs. */
export function createPaced<State extends string | number>(options: PacedOptions<State>): Paced {
  const { initial, read, tell, everyMs, againMs = Number.POSITIVE_INFINITY, stopwatch } = options;
  let told = initial;
  let toldAt = Number.NEGATIVE_INFINITY;
  /** When it will be looked at by itself. */
  let wakesAt = Number.POSITIVE_INFINITY;

  function wake(at: number): void {
    if (wakesAt <= at || at === Number.POSITIVE_INFINITY) return;
    wakesAt = at;
    stopwatch.later(Math.max(0, at - stopwatch.elapsed()), () => {
      if (wakesAt === at) wakesAt = Number.POSITIVE_INFINITY;
      look();
    });
  }

  function look(): void {
    const now = stopwatch.elapsed();
    if (!rested()) {
      wake(toldAt + everyMs());
      return;
    }
    const state = read();
    if (state !== told || (state !== initial && now >= toldAt + againMs)) {
      told = state;
      toldAt = now;
      tell(state);
    }
    if (told !== initial) wake(toldAt + againMs);
  }

  const rested = (): boolean => stopwatch.elapsed() >= toldAt + everyMs();

  return { look, rested };
}
