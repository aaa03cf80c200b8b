import type { Chat } from '@beseda/protocol/chats.ts';
import type { Message } from '@beseda/protocol/messages.ts';
import type { ChatSettings, UpdateChatSettings } from '@beseda/protocol/settings.ts';
import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import type { ChatRecord } from './chat-record.ts';
import type { KeptMessages } from './snapshot.ts';

/** What was read by REST counts only where the chat has not been begun anew since it was asked for. */
export interface Asked {
  readonly record: ChatRecord;
  readonly version: number;
  readonly ownReadId: number;
  readonly unreadFromId: number | null;
  readonly settings: ChatSettings;
}

/** How the client fills the store. */
export interface Filling {
  readonly self: number;
  /** Whose store it is; what is held of anybody else goes. */
  belongTo(userId: number): void;
  apply(frame: SocketDownFrame): void;
  /** The connection is gone: what comes next may leave a gap, until it is synced. */
  disconnected(): void;
  /** The versions to sync from. What it does not name is let go of. */
  since(): Record<string, number>;
  /** Notes what is held of a chat before something of it is read; undefined: there is no such chat. */
  asking(chatId: number): Asked | undefined;
  /** Of these chats, those of which only REST tells something that is not known. */
  detailsDue(chatIds: readonly number[]): number[];
  detailsRead(asked: Asked, chat: Chat): void;
  pageRead(asked: Asked, messages: readonly Message[]): void;
  /** One message, as a change of the user's has left it. */
  messageRead(asked: Asked, message: Message): void;
  /** {@link asking} before the pinned messages are read: what is told of them from now on counts. */
  askingPins(chatId: number): Asked | undefined;
  /** False: the chat was begun anew meanwhile, so they are to be read again. */
  pinsRead(asked: Asked, messages: readonly Message[]): boolean;
  membersRead(asked: Asked, userIds: readonly number[]): void;
  /** The user has read up to a message. False: that is known already. */
  wantRead(chatId: number, messageId: number): boolean;
  /** The server has taken the mark. */
  readTaken(chatId: number, messageId: number): void;
  /** The server has refused the mark: it is as if it had not been wanted. */
  readRefused(chatId: number): void;
  /** Marks that the server has not taken yet. */
  wantedMarks(): { chatId: number; messageId: number }[];
  /** The user sets a chat: it is shown so until the server has answered. */
  wantSettings(chatId: number, change: UpdateChatSettings): void;
  /** The server has taken the change, which it was told after `asked`. */
  settingsTaken(chatId: number, change: UpdateChatSettings, asked: Asked | undefined): void;
  /** The server has not taken the change: it is as if it had not been wanted. */
  settingsRefused(chatId: number, change: UpdateChatSettings): void;
  /** The newest message of each chat that has come from someone else and that the server does not know to be here. */
  undelivered(): { chatId: number; messageId: number }[];
  pendingChanged(chatId: number): void;
  /** Takes in messages that were kept apart from the snapshot. */
  recall(kept: KeptMessages): void;
}
