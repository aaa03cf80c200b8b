import type { Load } from './load.ts';
import { makeLatencies } from './latencies.ts';
import type { RawHttp } from './http.ts';

/** What is asked over one connection, again and again. */
export interface Asker {
  http: RawHttp;
  /** The next request. */
  next(): Buffer;
  /** What is wrong with an answer; undefined: nothing. */
  check(status: number, body: Buffer): string | undefined;
}

/** Each asks as soon as it was answered. */
export function asking(operation: string, askers: readonly Asker[]): Load {
  const latencies = makeLatencies();
  const faults = new Set<string>();
  let [done, bytes, underWay, ending] = [0, 0, 0, false];
  const allAnswered = Promise.withResolvers<void>();
  const ask = (asker: Asker): void => {
    const began = performance.now();
    underWay += 1;
    asker.http.onError = (why) => {
      faults.add(why);
      end();
    };
    asker.http.onAnswer = (status, body) => {
      const fault = asker.check(status, body);
      if (fault !== undefined) faults.add(fault);
      done += 1;
      bytes += body.length;
      const now = performance.now();
      latencies.add(now, now - began);
      end();
      if (!ending) ask(asker);
    };
    asker.http.ask(asker.next());
  };
  const end = (): void => {
    underWay -= 1;
    if (ending && underWay === 0) allAnswered.resolve();
  };
  return {
    operation,
    begin() {
      for (const asker of askers) ask(asker);
    },
    done: () => done,
    async end(from, to) {
      ending = true;
      if (underWay > 0) await allAnswered.promise;
      return { faults: [...faults], figures: { ...latencies.figures(from, to), 'bytes an answer': bytes / done } };
    },
  };
}
