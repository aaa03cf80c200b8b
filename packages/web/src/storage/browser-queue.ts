import type { QueueStorage } from '@beseda/client/queue/queue-storage.ts';
import type { OpenDatabase } from './browser-database.ts';
import type { LivingTabs } from './living-tabs.ts';

/**
 * Messages on their way: they outlast the page and the browser. Each belongs to the tab in which it was written, which
 * alone sends it; once that tab is gone, to the first of the others, or to the next one that is opened.
 */
export function browserQueue(open: OpenDatabase, tabs: LivingTabs): QueueStorage & { clear(): Promise<void> } {
  const listeners: (() => void)[] = [];

  /** Takes over what a tab has left behind; one tab at a time, so that only the first finds it. */
  async function inherit(tab: string | undefined): Promise<void> {
    const transaction = (await open()).transaction('outgoing', 'readwrite');
    for (const item of await transaction.store.getAll()) {
      if (item.tab === tab) await transaction.store.put({ ...item, tab: tabs.own });
    }
    await transaction.done;
  }

  const inheritLater = (tab: string): void =>
    tabs.onEnd(tab, async () => {
      await inherit(tab);
      for (const listener of listeners) listener();
    });
  tabs.onOther(inheritLater);

  return {
    async load() {
      const database = await open();
      const owners = new Set((await database.getAll('outgoing')).map(({ tab }) => tab));
      for (const tab of owners) {
        if (tab === tabs.own) continue;
        if (tab !== undefined && (await tabs.lives(tab))) inheritLater(tab);
        else await inherit(tab);
      }
      return (await database.getAll('outgoing')).filter(({ tab }) => tab === tabs.own);
    },
    async put(item) {
      await (await open()).put('outgoing', { ...item, tab: tabs.own }, undefined);
    },
    async remove(clientId) {
      await (await open()).delete('outgoing', clientId);
    },
    async clear() {
      await (await open()).clear('outgoing');
    },
    onMore(listener) {
      listeners.push(listener);
    },
  };
}
