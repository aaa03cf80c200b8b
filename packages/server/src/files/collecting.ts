import type { Clock, Stopwatch } from '../clock.ts';
import type { Db } from '../db/open.ts';
import { forgetFile, removableFiles } from '../domain/removing-files.ts';
import type { FileStore } from './file-store.ts';
import { keysOf } from './keys.ts';

/** Between two passes, in milliseconds: so long the bytes of a deleted message may lie on the disk. */
export const COLLECTING_MS = 60_000;

/**
 * Removes bytes that nobody can reach any more, again and again. The row goes after its bytes, so that a server that
 * ends in between leaves nothing that is not found again.
 *
 * @returns what ends it.
 */
export function keepCollecting(
  { db, store, clock, stopwatch }: { db: Db; store: FileStore; clock: Clock; stopwatch: Stopwatch },
  onError: (error: unknown) => void,
): () => void {
  let stopped = false;

  async function collect(): Promise<void> {
    for (const id of await removableFiles(db, clock.now())) {
      if (stopped) return;
      for (const key of Object.values(keysOf(id))) await store.remove(key);
      await forgetFile(db, id);
    }
  }

  function later(): void {
    stopwatch.later(COLLECTING_MS, () => {
      if (stopped) return;
      void collect().catch(onError).finally(later);
    });
  }

  later();
  return () => {
    stopped = true;
  };
}
