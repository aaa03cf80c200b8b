import type { Clock } from '@beseda/client/clock.ts';

/** Time that passes when it is told to; nothing here asks what time it is. */
export function handClock(): Clock & { pass(milliseconds: number): void } {
  let now = 0;
  const timers = new Set<{ at: number; act: () => void }>();
  return {
    now: () => now,
    after(milliseconds, act) {
      const timer = { at: now + milliseconds, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(milliseconds) {
      now += milliseconds;
      for (const timer of timers) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.act();
      }
    },
  };
}
