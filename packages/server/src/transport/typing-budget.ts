/** `typing` frames of one socket that count, in a second; more would tell nobody anything new. */
const PER_SECOND = 5;

/** How many `typing` frames of a socket still count. */
export class TypingBudget {
  private left = PER_SECOND;
  private at: number;

  /** @param now milliseconds that pass evenly. */
  constructor(now: number) {
    this.at = now;
  }

  /** Whether one more counts, which is then taken. */
  take(now: number): boolean {
    this.left = Math.min(PER_SECOND, this.left + ((now - this.at) / 1000) * PER_SECOND);
    this.at = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
