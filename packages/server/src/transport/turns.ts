/** Acts of one kind that are done one after the other. Holds nothing while none is under way. */
export class Turns {
  private last: Promise<void> | undefined;

  /** Does something once all that was begun before is done, and never at once; settles as it does. */
  async take<T>(act: () => Promise<T>): Promise<T> {
    const done = (this.last ?? Promise.resolve()).then(act);
    const settled = this.settledWith(done);
    this.last = settled;
    return done;
  }

  /** What settles once all that was begun is done; undefined where nothing is. */
  underWay(): Promise<void> | undefined {
    return this.last;
  }

  /** Settles with the promise, however that ends. */
  private async settledWith(promise: Promise<unknown>): Promise<void> {
    try {
      await promise;
    } catch {
      // Whoever began it is told.
    }
  }
}
