import type { MessageItem } from '../../state/timeline.ts';
import type { Point } from '../parts/point.ts';

/** What one does to a message. */
export interface MessageActions {
  reply: (message: MessageItem) => void;
  edit: (message: MessageItem) => void;
  /** It can be undone for a while. */
  delete: (message: MessageItem) => void;
  /** Shows who has read it. */
  readers: (message: MessageItem) => void;
  copy: (message: MessageItem) => void;
  /** Copies the address that leads to it. */
  copyLink: (message: MessageItem) => void;
  /** Sends one again that the server has refused. */
  retry: (message: MessageItem) => void;
  react: (message: MessageItem, emoji: string, on: boolean) => void;
  /** Asks to which chats it is to go. */
  forward: (message: MessageItem) => void;
  /** Forwards it to the chat with oneself. */
  save: (message: MessageItem) => void;
  /** Pins it for all in the chat. */
  pin: (message: MessageItem, on: boolean) => void;
  /** Opens all emoji to react with, beside something or at a point of the screen. */
  pickReaction: (message: MessageItem, place: Element | Point) => void;
}

/** Those that are one click away. */
export const quickReactions = ['👍', '❤️', '😂', '🎉', '😮', '😢'] as const;
