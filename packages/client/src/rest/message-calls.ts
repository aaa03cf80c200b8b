import { Readers } from '@beseda/protocol/marks.ts';
import { EarlierTexts, Forwarded, Message, type ForwardMessages, type SendMessage } from '@beseda/protocol/messages.ts';
import { SearchPage } from '@beseda/protocol/search.ts';
import { Type } from 'typebox';
import type { Call } from './api.ts';
import { Nothing } from './nothing.ts';

const Messages = Type.Array(Message);

/** Which page of a chat's history: the newest (passing some over), next to a message, or since a moment (RFC 3339). */
export type Page = { limit?: number } & (
  | { offset?: number }
  | { before: number }
  | { after: number }
  | { from: string }
);

const of = (chatId: number, messageId: number): string => `/messages/${chatId}/${messageId}`;

const reaction = (chatId: number, messageId: number, emoji: string): string =>
  `${of(chatId, messageId)}/reactions/${encodeURIComponent(emoji)}`;

/** The messages of a chat. */
export function messageCalls(call: Call) {
  return {
    /** With a `client_id` it may be sent again safely. */
    send: async (chatId: number, json: SendMessage) =>
      call('POST', `/messages/${chatId}/send`, { answer: Message, json }),
    /** With a `client_id` for each it may be asked for again safely. */
    forward: async (json: ForwardMessages) => call('POST', '/messages/forward', { answer: Forwarded, json }),
    /** Newest first. */
    history: async (chatId: number, page: Page = {}) =>
      call('GET', `/messages/history/${chatId}`, { answer: Messages, query: { ...page } }),
    get: async (chatId: number, messageId: number) => call('GET', of(chatId, messageId), { answer: Message }),
    edit: async (chatId: number, messageId: number, text: string) =>
      call('PATCH', of(chatId, messageId), { answer: Message, json: { text } }),
    /** The texts before each edit, oldest first. */
    earlierTexts: async (chatId: number, messageId: number) =>
      call('GET', `${of(chatId, messageId)}/edits`, { answer: EarlierTexts }),
    delete: async (chatId: number, messageId: number) => call('DELETE', of(chatId, messageId), { answer: Nothing }),
    /** All up to this one are read. */
    markRead: async (chatId: number, messageId: number) =>
      call('POST', `${of(chatId, messageId)}/read`, { answer: Nothing }),
    /** All up to this one have reached a device of the user. */
    markDelivered: async (chatId: number, messageId: number) =>
      call('POST', `${of(chatId, messageId)}/delivered`, { answer: Nothing }),
    /** The chat is unread from this one on, for the user alone. */
    markUnread: async (chatId: number, messageId: number) =>
      call('POST', `${of(chatId, messageId)}/unread`, { answer: Nothing }),
    /** Who has read it, by user id; `after` is the `next_after` of the page before. */
    readers: async (chatId: number, messageId: number, page: { limit?: number; after?: number } = {}) =>
      call('GET', `${of(chatId, messageId)}/readers`, { answer: Readers, query: page }),
    /** Messages of all chats, or of one; `cursor` is the `next` of the page before. */
    search: async (query: string, page: { chat_id?: number; limit?: number; cursor?: string } = {}) =>
      call('GET', '/search', { answer: SearchPage, query: { query, ...page } }),
    react: async (chatId: number, messageId: number, emoji: string) =>
      call('PUT', reaction(chatId, messageId, emoji), { answer: Message }),
    /** For all in the chat. */
    pin: async (chatId: number, messageId: number) => call('PUT', `${of(chatId, messageId)}/pin`, { answer: Message }),
    unpin: async (chatId: number, messageId: number) =>
      call('DELETE', `${of(chatId, messageId)}/pin`, { answer: Message }),
    takeReactionBack: async (chatId: number, messageId: number, emoji: string) =>
      call('DELETE', reaction(chatId, messageId, emoji), { answer: Message }),
  };
}
