import { ApiError } from './api-error.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './live/connection.ts';
import type { FilledStore } from './store/store.ts';

/** Tells the server up to where the user has read. */
export interface Reading {
  /** All messages of the chat up to this one are read. Scrolling through many costs a few frames. */
  mark(chatId: number, messageId: number): void;
  /** There is a connection: tells what was read without one. */
  flush(): void;
}

/** When a mark that was refused for now is told again, in milliseconds, unless the server names a time. */
const AGAIN_MS = 1000;

export function createReading(store: FilledStore, request: Connection['request'], clock: Clock): Reading {
  const underWay = new Set<number>();

  async function tell(chatId: number, messageId: number): Promise<void> {
    underWay.add(chatId);
    let goOn = true;
    try {
      await request({ type: 'read', chat_id: chatId, message_id: messageId });
      store.readTaken(chatId, messageId);
    } catch (error) {
      if (error instanceof ApiError && !error.retry) store.readRefused(chatId);
      // With the connection it would be in vain: the next one begins with it.
      else {
        goOn = false;
        if (error instanceof ApiError && error.code !== 'unreachable') {
          clock.after((error.problem.retry_after ?? 0) * 1000 + AGAIN_MS, flush);
        }
      }
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
