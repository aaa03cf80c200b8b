import type { Outgoing } from './outgoing.ts';

/** Where messages on their way are kept. What it gives back is checked before it is used. */
export interface QueueStorage {
  /** All that are kept, in any order. */
  load(): Promise<readonly unknown[]>;
  /**
   * Told of what is about to be put, before anything is waited for: what is written here before this returns survives
   * a program that ends at that very moment.
   */
  note?(item: Outgoing): void;
  /** Adds one, or replaces the one with its `client_id`; settles once it would survive the end of the program. */
  put(item: Outgoing): Promise<void>;
  remove(clientId: string): Promise<void>;
  /** Calls back when there is more to load than before: another program that shared the storage has left it behind. */
  onMore?(listener: () => void): void;
}

/** Keeps them as long as the program runs. */
export function memoryQueue(): QueueStorage {
  const kept = new Map<string, Outgoing>();
  return {
    load: async () => [...kept.values()],
    async put(item) {
      kept.set(item.client_id, structuredClone(item));
    },
    async remove(clientId) {
      kept.delete(clientId);
    },
  };
}
