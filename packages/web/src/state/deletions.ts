import type { Client } from '@beseda/client/client.ts';
import type { Notices } from './notices.ts';
import type { Item, MessageItem } from './timeline.ts';
import { settable, type Watched } from './watched.ts';

/** Messages that are gone from the screen, and from the server when there is no way back any more. */
export interface Deletions extends Watched<ReadonlySet<string>> {
  /** Takes a message off the screen, and offers to undo that for a while. One on its way is taken back at once. */
  delete(chatId: number, message: Pick<MessageItem, 'id'>): void;
  /** Deletes all that wait: the page may be gone before their time. */
  flush(): void;
}

/** What a message that waits is called among them. */
export function deletionKey(chatId: number, messageId: number): string {
  return `${chatId} ${messageId}`;
}

export function createDeletions(client: Pick<Client, 'delete'>, notices: Notices): Deletions {
  const leaving = settable<ReadonlySet<string>>(new Set());
  /** The notices of those that can still be kept. */
  const waiting = new Map<string, number>();

  function show(key: string, gone: boolean): void {
    const next = new Set(leaving.get());
    if (gone) next.add(key);
    else next.delete(key);
    leaving.set(next);
  }

  return {
    get: leaving.get,
    watch: leaving.watch,
    delete(chatId, { id }) {
      if (typeof id === 'string') {
        void notices.attempt('delete', async () => client.delete(chatId, id));
        return;
      }
      const key = deletionKey(chatId, id);
      if (leaving.get().has(key)) return;
      const undo = (): void => {
        waiting.delete(key);
        show(key, false);
      };
      const go = async (): Promise<void> => {
        if (!waiting.delete(key)) return;
        // Where it is refused it comes back, and the notice says why.
        await notices.attempt('delete', async () => client.delete(chatId, id));
        show(key, false);
      };
      show(key, true);
      waiting.set(
        key,
        notices.tell({ kind: 'deleted', undo }, () => void go()),
      );
    },
    flush() {
      for (const notice of waiting.values()) notices.close(notice);
    },
  };
}

/** The items as they are while some messages wait to be deleted. */
export function withoutLeaving(items: readonly Item[], chatId: number, leaving: ReadonlySet<string>): readonly Item[] {
  if (leaving.size === 0) return items;
  return items.map((item) =>
    item.kind === 'message' && typeof item.id === 'number' && leaving.has(deletionKey(chatId, item.id))
      ? { ...item, deleted: true, reactions: [] }
      : item,
  );
}
