import { ApiError } from './api-error.ts';
import type { Connection } from './live/connection.ts';
import type { FilledStore } from './store/store.ts';

/** Tells the server up to where the user has read. */
export interface Reading {
  /** All messages of the chat up to this one are read. Scrolling through many costs a few frames. */
  mark(chatId: number, messageId: number): void;
  /** There is a connection: tells what was read without one. */
  flush(): void;
}

export function createReading(store: FilledStore, request: Connection['request']): Reading {
  const underWay = new Set<number>();

  async function tell(chatId: number, messageId: number): Promise<void> {
    underWay.add(chatId);
    let goOn = true;
    try {
      await request({ type: 'read', chat_id: chatId, message_id: messageId });
      store.readTaken(chatId, messageId);
    } catch (error) {
      if (error instanceof ApiError && !error.retry) store.readRefused(chatId);
      // What may succeed later is told with the next connection, or with the next mark.
      else goOn = false;
    } finally {
      underWay.delete(chatId);
    }
    if (goOn) flush();
  }

  function flush(): void {
    for (const { chatId, messageId } of store.wantedMarks()) {
      if (!underWay.has(chatId)) void tell(chatId, messageId);
    }
  }

  return {
    mark(chatId, messageId) {
      if (store.wantRead(chatId, messageId)) flush();
    },
    flush,
  };
}
