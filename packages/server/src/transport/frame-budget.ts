import { SOCKET_FRAMES } from '@beseda/protocol/limits.ts';
import type { Clock } from '../clock.ts';
import { ProblemError } from '../domain/problem.ts';

/** What one socket may still send. */
export interface FrameBudget {
  /**
   * Takes one frame from it. What is refused is counted as well: so a client that goes on regardless gets no further,
   * and of frames sent one after the other it is the later ones that are refused.
   *
   * @returns whether the frame is served, refused, or the last straw.
   */
  take(): 'served' | 'refused' | 'flood';
  /** The refusal of a frame, with the whole seconds after which there is room again. */
  refusal(): ProblemError;
}

/** A token bucket that may be overdrawn. */
export function createFrameBudget(clock: Clock): FrameBudget {
  const { perSecond, burst, flood } = SOCKET_FRAMES;
  let left: number = burst;
  let at = clock.now().getTime();
  return {
    take() {
      const now = clock.now().getTime();
      // A clock that was set back must not lock anyone out.
      left = Math.min(burst, left + (Math.max(0, now - at) / 1000) * perSecond) - 1;
      at = now;
      if (left >= 0) return 'served';
      return left >= -flood ? 'refused' : 'flood';
    },
    refusal() {
      const retryAfter = Math.max(1, Math.ceil((1 - left) / perSecond));
      return new ProblemError(
        'rate_limited',
        `A socket takes ${burst} frames at once and ${perSecond} a second: send this one again in ${retryAfter} s.`,
        { retryAfter },
      );
    },
  };
}
