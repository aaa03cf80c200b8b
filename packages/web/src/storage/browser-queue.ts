import type { QueueStorage } from '@beseda/client/queue/queue-storage.ts';
import type { OpenDatabase } from './browser-database.ts';

/** Messages on their way: they outlast the page and the browser. */
export function browserQueue(open: OpenDatabase): QueueStorage & { clear(): Promise<void> } {
  return {
    load: async () => (await open()).getAll('outgoing'),
    async put(item) {
      await (await open()).put('outgoing', item, undefined);
    },
    async remove(clientId) {
      await (await open()).delete('outgoing', clientId);
    },
    async clear() {
      await (await open()).clear('outgoing');
    },
  };
}
