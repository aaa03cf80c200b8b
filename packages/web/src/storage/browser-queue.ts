import type { Outgoing } from '@beseda/client/queue/outgoing.ts';
import type { QueueStorage } from '@beseda/client/queue/queue-storage.ts';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

interface Shape extends DBSchema {
  outgoing: { key: string; value: Outgoing };
}

/** Messages on their way, in IndexedDB: they outlast the page and the browser. */
export function browserQueue(name = 'beseda'): QueueStorage & { clear(): Promise<void> } {
  let database: Promise<IDBPDatabase<Shape>> | undefined;
  const open = async (): Promise<IDBPDatabase<Shape>> =>
    (database ??= openDB<Shape>(name, 1, {
      upgrade(made) {
        made.createObjectStore('outgoing', { keyPath: 'client_id' });
      },
    }));
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
