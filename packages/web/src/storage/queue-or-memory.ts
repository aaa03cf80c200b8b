import { memoryQueue } from '@beseda/client/queue/queue-storage.ts';
import type { browserQueue } from './browser-queue.ts';
import type { OpenDatabase } from './browser-database.ts';

type Queue = ReturnType<typeof browserQueue>;

/** The queue of the browser; where the browser may keep nothing, one that lasts as long as the page. */
export async function queueOrMemory(open: OpenDatabase, queue: Queue): Promise<Queue> {
  try {
    await open();
    return queue;
  } catch {
    // A new page begins with none: there is nothing to clear.
    return { ...memoryQueue(), clear: async () => {} };
  }
}
