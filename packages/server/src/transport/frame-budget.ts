import { SOCKET_FRAMES } from '@beseda/protocol/limits.ts';
import { ProblemError } from '../domain/problem.ts';

const { perSecond, burst, flood } = SOCKET_FRAMES;

/** What one socket may still send: a token bucket that may be overdrawn. */
export class FrameBudget {
  private left: number = burst;
  private at: number;

  constructor(now: Date) {
    this.at = now.getTime();
  }

  /**
   * Takes one frame from it. What is refused is counted as well: so a client that goes on regardless gets no further,
   * and of frames sent one after the other it is the later ones that are refused.
   *
   * @returns whether the frame is served, refused, or the last straw.
   */
  take(now: Date): 'served' | 'refused' | 'flood' {
    // A clock that was set back must not lock anyone out.
    const passed = Math.max(0, now.getTime() - this.at);
    this.left = Math.min(burst, this.left + (passed / 1000) * perSecond) - 1;
    this.at = now.getTime();
    if (this.left >= 0) return 'served';
    return this.left >= -flood ? 'refused' : 'flood';
  }

  /** The refusal of a frame, with the whole seconds after which there is room again. */
  refusal(): ProblemError {
    const retryAfter = Math.max(1, Math.ceil((1 - this.left) / perSecond));
    return new ProblemError(
      'rate_limited',
      `A socket takes ${burst} frames at once and ${perSecond} a second: send this one again in ${retryAfter} s.`,
      { retryAfter },
    );
  }
}
