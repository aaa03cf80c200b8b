import type { Clock } from '@beseda/client/clock.ts';
import type { CodeSpan } from './code-spans.ts';

/** A code to be coloured. */
export interface Job {
  language: string;
  code: string;
}

/** What the worker says: that it is there; what came of the job it was given. */
export type Reply = { kind: 'ready' } | { kind: 'done'; spans: readonly CodeSpan[] | undefined };

/** The worker as the highlighter needs it. */
export interface HighlightWorker {
  give(job: Job): void;
  stop(): void;
}

export interface Highlighter {
  /** What has been found out already; undefined: nothing, or the code has no colours. */
  held(job: Job): readonly CodeSpan[] | undefined;
  /** Undefined: the language is not known, or the code took too long, or there is no worker. */
  highlight(job: Job): Promise<readonly CodeSpan[] | undefined>;
}

/** Longer codes, in characters (UTF-16), are not coloured; a whole message is not longer. */
const LONGEST = 8192;

/** A code that is not done by then, in milliseconds, was made to take long: it stays as it is. */
const DEADLINE_MS = 1000;

/** Codes whose colours are held. Scrolling shows the same ones again and again. */
const HELD = 200;

/**
 * Colours one code after the other, in a worker that is started with the first and ended by a code that takes too long.
 *
 * @param start starts a worker, which tells `hear` what it says, and that it failed by undefined.
 */
export function createHighlighter(start: (hear: (reply: Reply | undefined) => void) => HighlightWorker, clock: Clock) {
  const held = new Map<string, readonly CodeSpan[] | undefined>();
  const waiting: { key: string; job: Job; done: (spans: readonly CodeSpan[] | undefined) => void }[] = [];
  let worker: HighlightWorker | undefined;
  let ready = false;
  let working = false;
  let failed = false;
  let callOff: (() => void) | undefined;

  function hear(reply: Reply | undefined): void {
    if (reply === undefined) {
      // It could not be read, without a network say: as long as the page is open, codes have no colours.
      failed = true;
      while (waiting.length > 0) finish(undefined);
    } else if (reply.kind === 'ready') ready = true;
    else finish(reply.spans);
    next();
  }

  function finish(spans: readonly CodeSpan[] | undefined): void {
    callOff?.();
    working = false;
    const ended = waiting.shift();
    if (ended === undefined) return;
    const [oldest] = held.keys();
    if (held.size >= HELD && oldest !== undefined) held.delete(oldest);
    held.set(ended.key, spans);
    ended.done(spans);
  }

  function next(): void {
    const [first] = waiting;
    if (first === undefined || working || failed) return;
    worker ??= start(hear);
    if (!ready) return;
    working = true;
    worker.give(first.job);
    callOff = clock.after(DEADLINE_MS, () => {
      worker?.stop();
      worker = undefined;
      ready = false;
      finish(undefined);
      next();
    });
  }

  const keyOf = ({ language, code }: Job): string => `${language}\n${code}`;
  const highlighter: Highlighter = {
    held: (job) => held.get(keyOf(job)),
    async highlight(job) {
      const key = keyOf(job);
      if (held.has(key) || failed || job.code.length > LONGEST) return held.get(key);
      return new Promise((done) => {
        waiting.push({ key, job, done });
        next();
      });
    },
  };
  return highlighter;
}
