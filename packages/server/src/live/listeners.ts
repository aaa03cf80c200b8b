import type { ChatEvent } from '../domain/events.ts';

/** The two ways into the server by socket: one chat, or everything. */
export type Door = 'chat' | 'main';

/** One that hears chats: a socket of a member, stripped to what the hub needs of it. */
export interface Listener {
  /** How frames are written for it. */
  readonly door: Door;
  readonly userId: number;
  readonly sessionId: string;
  /** Names the socket as the cause of events, so that it gets no echo of its own. */
  readonly origin: symbol;
  /** Gets a frame as the bytes that go over the wire, made once for all listeners. */
  deliver(encoded: Buffer): void;
  /** The user is no longer a member of the chat: nothing of it follows. */
  excluded(chatId: number): void;
  /** The session has ended: nothing follows. */
  signedOut(): void;
  /** More happened in the chat than can be told one by one: nothing of it follows, come again. */
  leftBehind(chatId: number): void;
}

/** A socket that follows its user through all chats, the ones to come included. */
export interface Follower {
  readonly userId: number;
  readonly sessionId: string;
  /** The user is, or was made, a member of a chat, or is one in another way now. */
  memberOf(chatId: number): void;
  /** The session has ended: nothing follows. */
  signedOut(): void;
}

/** Whether an event shows a listener out of the chat. */
export function excludes({ frame }: ChatEvent, listener: Listener): boolean {
  return frame.type === 'member' && frame.left_at !== null && frame.user_id === listener.userId;
}
