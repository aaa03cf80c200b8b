import type { Clock } from './clock.ts';
import type { Connection } from './live/connection.ts';
import type { FilledStore } from './store/store.ts';

/** How long messages that arrive are gathered before they are told of, in milliseconds. */
const GATHERED_MS = 1000;

/** Chats told of at once, so that a client that was away for long is not taken for a flood. */
const AT_ONCE = 20;

/** Tells the server what has reached this device. */
export interface Delivering {
  /** Messages may have come. */
  due(): void;
  /** What was told last may not have arrived. */
  disconnected(): void;
}

export function createDelivering(store: FilledStore, tell: Connection['tell'], clock: Clock): Delivering {
  const told = new Map<number, number>();
  let callOff: (() => void) | undefined;

  function due(): void {
    callOff ??= clock.after(GATHERED_MS, tellSome);
  }

  function tellSome(): void {
    callOff = undefined;
    const untold = store.undelivered().filter(({ chatId, messageId }) => messageId > (told.get(chatId) ?? 0));
    for (const { chatId, messageId } of untold.slice(0, AT_ONCE)) {
      tell({ type: 'delivered', chat_id: chatId, message_id: messageId });
      told.set(chatId, messageId);
    }
    if (untold.length > AT_ONCE) due();
  }

  return {
    due,
    disconnected() {
      told.clear();
      callOff?.();
      callOff = undefined;
    },
  };
}
