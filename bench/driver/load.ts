/** What keeps a server busy for one round. */
export interface Load {
  /** What is counted: rates are told as `<operation>/s`. */
  operation: string;
  /** Begins; does not wait. */
  begin(): void;
  /** How many are done so far. */
  done(): number;
  /**
   * Ends: sends nothing more, lets what is under way arrive, and looks whether all of it did.
   *
   * @param from and `to` bound what was measured, in milliseconds as `performance.now` tells them.
   */
  end(from: number, to: number): Promise<Ended>;
}

export interface Ended {
  /** What was wrong: gaps, doubles, errors. */
  faults: string[];
  /** Further figures of the round. */
  figures?: Record<string, number>;
}
