import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { ChatView } from '@beseda/client/store/views.ts';

/** Whether one may pin messages of a chat: either of a personal chat may, and the creator of a group. */
export function mayPin(chat: Pick<ChatView, 'is_group' | 'creator_id'>, self: number): boolean {
  return !chat.is_group || chat.creator_id === self;
}

/**
 * Where among the pinned messages one is that goes through them: the one shown, or the newest where that is not pinned
 * any more.
 */
export function placeAmong(pins: readonly MessageState[], shown: number | undefined): number {
  return Math.max(
    0,
    pins.findIndex(({ id }) => id === shown),
  );
}

/** The one to show after that: the next older one, and after the oldest the newest again. */
export function nextPin(pins: readonly MessageState[], at: number): number | undefined {
  return pins[(at + 1) % pins.length]?.id;
}
