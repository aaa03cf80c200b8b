import { fits, parseJson } from '@beseda/client/parse.ts';
import { Outgoing } from '@beseda/client/queue/outgoing.ts';
import type { QueueStorage } from '@beseda/client/queue/queue-storage.ts';
import type { KeptTexts } from '../state/kept-texts.ts';
import type { OpenDatabase } from './browser-database.ts';
import type { LivingTabs } from './living-tabs.ts';

type Owned = Outgoing & { tab?: string };

/** What the names of notes begin with. */
const NOTE = 'outgoing ';

/**
 * Messages on their way: they outlast the page and the browser. Each belongs to the tab in which it was written, which
 * alone sends it; once that tab is gone, to the first of the others, or to the next one that is opened.
 *
 * @param notes where each message stands until the database has it, for a page that goes before that.
 */
export function browserQueue(
  open: OpenDatabase,
  tabs: LivingTabs,
  notes: KeptTexts,
): QueueStorage & { clear(): Promise<void> } {
  const listeners: (() => void)[] = [];
  const written = (item: Outgoing): string => JSON.stringify({ ...item, tab: tabs.own });

  function noted(): Owned[] {
    return notes.names().flatMap((name) => (name.startsWith(NOTE) ? read(notes.get(name)) : []));
  }

  /** All there is: what is noted is newer than what the database has of it. */
  async function all(): Promise<Owned[]> {
    const known = new Map((await (await open()).getAll('outgoing')).map((item) => [item.client_id, item]));
    for (const item of noted()) known.set(item.client_id, item);
    return [...known.values()];
  }

  /** Takes over what a tab has left behind; one tab at a time, so that only the first finds it. */
  async function inherit(tab: string | undefined): Promise<void> {
    const transaction = (await open()).transaction('outgoing', 'readwrite');
    const left = noted().filter((item) => item.tab === tab);
    const newer = new Set(left.map(({ client_id: id }) => id));
    for (const item of await transaction.store.getAll()) {
      if (item.tab === tab && !newer.has(item.client_id)) left.push(item);
    }
    for (const item of left) await transaction.store.put({ ...item, tab: tabs.own });
    await transaction.done;
    for (const id of newer) notes.set(NOTE + id, undefined);
  }

  const inheritLater = (tab: string): void =>
    tabs.onEnd(tab, async () => {
      await inherit(tab);
      for (const listener of listeners) listener();
    });
  tabs.onOther(inheritLater);

  return {
    async load() {
      const owners = new Set((await all()).map(({ tab }) => tab));
      for (const tab of owners) {
        if (tab === tabs.own) continue;
        if (tab !== undefined && (await tabs.lives(tab))) inheritLater(tab);
        else await inherit(tab);
      }
      return (await all()).filter(({ tab }) => tab === tabs.own);
    },
    note: (item) => notes.set(NOTE + item.client_id, written(item)),
    async put(item) {
      await (await open()).put('outgoing', { ...item, tab: tabs.own }, undefined);
      // What has been noted since is not in the database yet.
      if (notes.get(NOTE + item.client_id) === written(item)) notes.set(NOTE + item.client_id, undefined);
    },
    async remove(clientId) {
      notes.set(NOTE + clientId, undefined);
      await (await open()).delete('outgoing', clientId);
    },
    async clear() {
      for (const { client_id: id } of noted()) notes.set(NOTE + id, undefined);
      await (await open()).clear('outgoing');
    },
    onMore(listener) {
      listeners.push(listener);
    },
  };
}

function read(text: string | undefined): Owned[] {
  const item = parseJson(text ?? '');
  return fits(Outgoing, item) ? [item] : [];
}
