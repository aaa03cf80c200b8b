import type { ChatEvent } from '../domain/events.ts';
import type { Listener } from './listeners.ts';

/** Whether an event of the chat is for this one of those who listen. */
export function isFor({ frame, onlyUserId, origin }: ChatEvent, listener: Listener): boolean {
  if (origin !== undefined && listener.origin === origin) return false;
  if (listener.door === 'main') return onlyUserId === undefined || onlyUserId === listener.userId;
  // The original's door tells of reading alone, and of what is for all.
  return onlyUserId === undefined && frame.type !== 'delivered' && frame.type !== 'unread' && frame.type !== 'settings';
}
