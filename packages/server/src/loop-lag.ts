import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the turns of the event loop take. */
export interface LoopLag {
  /** The usual turn of the last two seconds, in milliseconds; 0 where it is too short to be measured. */
  ms: () => number;
  stop(): void;
}

/** How often a turn is looked at; shorter ones look the same. */
const RESOLUTION_MS = 20;

const WINDOW_MS = 1000;

/**
 * The median and not the worst, and the better of two seconds: one long turn, a collection of garbage say, or a hard
 * second, as the first one after the start, is over once it is seen.
 */
export function measureLoopLag(): LoopLag {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let before = 0;
  let usual = 0;
  const timer = setInterval(() => {
    // The histogram counts nanoseconds from one look to the next, the pause between them included.
    before = usual;
    usual = Math.max(0, delays.percentile(50) / 1e6 - RESOLUTION_MS);
    delays.reset();
  }, WINDOW_MS);
  timer.unref();
  return {
    ms: () => Math.min(before, usual),
    stop() {
      clearInterval(timer);
      delays.disable();
    },
  };
}
