import { ApiError } from '@beseda/client/api-error.ts';
import type { Clock } from '@beseda/client/clock.ts';
import { settable, type Watched } from './watched.ts';

/** What one does without waiting for it: where it fails, one is told. */
export type Deed =
  | 'edit'
  | 'delete'
  | 'react'
  | 'pin'
  | 'forward'
  | 'save'
  | 'copy'
  | 'jump'
  | 'readPart'
  | 'markUnread'
  | 'chatSettings'
  | 'openChat'
  | 'exportChat'
  | 'removeMember'
  | 'handOver'
  | 'leave';

/** What is told beside all else, for a while. */
export type Notice = { key: number } & (
  | { kind: 'failed'; deed: Deed; problem: { code: string; detail: string }; again: (() => void) | undefined }
  /** A message is about to go; until then it can be kept. */
  | { kind: 'deleted'; undo: () => void }
  | { kind: 'left'; name: string }
  | { kind: 'link copied' }
  | { kind: 'saved' }
  /** @property count of chats. */
  | { kind: 'forwarded'; count: number }
  /** One message takes no more. */
  | { kind: 'too many files' }
);

/** A notice that is told; what becomes of it is its owner's. */
type Told = Notice extends infer N ? (N extends Notice ? Omit<N, 'key'> : never) : never;

export interface Notices extends Watched<readonly Notice[]> {
  /** Does something, and tells where it fails. True: it did not. */
  attempt(deed: Deed, act: () => Promise<unknown>): Promise<boolean>;
  /**
   * Tells something until its time is over, or the reader has done with it.
   *
   * @param over it is told no longer, for either reason.
   * @returns its key.
   */
  tell(notice: Told, over?: () => void): number;
  /** The reader has done with it. */
  close(key: number): void;
  /** While the reader is at the notices none goes; afterwards each has its time anew. */
  hold(yes: boolean): void;
}

/** How long one is told, in milliseconds: as long as there is to undo, and longer where there is something to read. */
const LASTS_MS = {
  deleted: 5000,
  left: 5000,
  'link copied': 3000,
  forwarded: 3000,
  saved: 3000,
  'too many files': 5000,
  failed: 10_000,
} as const;

/** More than so many at a time are not read. */
const AT_ONCE = 3;

export function createNotices(clock: Clock): Notices {
  const notices = settable<readonly Notice[]>([]);
  const ends = new Map<number, { over: () => void; callOff: () => void }>();
  let lastKey = 0;
  let held = false;

  function close(key: number): void {
    const end = ends.get(key);
    if (end === undefined) return;
    end.callOff();
    ends.delete(key);
    notices.set(notices.get().filter((notice) => notice.key !== key));
    end.over();
  }

  function timed({ key, kind }: Notice): () => void {
    return held ? () => undefined : clock.after(LASTS_MS[kind], () => close(key));
  }

  function tell(told: Told, over: () => void = () => undefined): number {
    lastKey += 1;
    const notice: Notice = { ...told, key: lastKey };
    ends.set(notice.key, { over, callOff: timed(notice) });
    notices.set([...notices.get(), notice]);
    for (const { key } of notices.get().slice(0, -AT_ONCE)) close(key);
    return notice.key;
  }

  async function attempt(deed: Deed, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const again = error.retry ? { again: () => void attempt(deed, act) } : { again: undefined };
      tell({ kind: 'failed', deed, problem: { code: error.code, detail: error.problem.detail }, ...again });
      return false;
    }
  }

  return {
    get: notices.get,
    watch: notices.watch,
    attempt,
    tell,
    close,
    hold(yes) {
      if (held === yes) return;
      held = yes;
      for (const notice of notices.get()) {
        const end = ends.get(notice.key);
        end?.callOff();
        if (end !== undefined) end.callOff = timed(notice);
      }
    },
  };
}
