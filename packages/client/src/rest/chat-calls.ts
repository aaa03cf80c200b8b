import { Changes, Chat, Inbox } from '@beseda/protocol/chats.ts';
import { Pins } from '@beseda/protocol/messages.ts';
import type { ExportQuery } from '@beseda/protocol/exports.ts';
import { ChatPresence } from '@beseda/protocol/presence.ts';
import type { UpdateChatSettings } from '@beseda/protocol/settings.ts';
import { Type } from 'typebox';
import type { Call } from './api.ts';
import { Nothing } from './nothing.ts';

/** Chats, personal and groups alike. */
export function chatCalls(call: Call) {
  return {
    list: async () => (await call('GET', '/chats/', { answer: Inbox })).chats,
    get: async (chatId: number) => call('GET', `/chats/${chatId}`, { answer: Chat }),
    /** Opens the personal chat with someone, or gives the one there is. */
    open: async (userId: number) => call('POST', '/chats/', { answer: Chat, json: { user_id: userId } }),
    /** Takes a mark of unread back. */
    unmarkUnread: async (chatId: number) => call('DELETE', `/chats/${chatId}/unread`, { answer: Nothing }),
    /** Mutes or pins a chat, for the user alone; what is left out stays. */
    updateSettings: async (chatId: number, json: UpdateChatSettings) =>
      call('PATCH', `/chats/${chatId}/settings`, { answer: Nothing, json }),
    /** Who of a chat is online. */
    presence: async (chatId: number) => call('GET', `/chats/${chatId}/presence`, { answer: ChatPresence }),
    /** Its pinned messages, the one pinned last first. */
    pins: async (chatId: number) => call('GET', `/chats/${chatId}/pins`, { answer: Pins }),
    /** A chat to be kept, as the text of a file. */
    export: async (chatId: number, query: Partial<ExportQuery> = {}) =>
      call('GET', `/chats/${chatId}/export`, { answer: Type.String(), text: true, query }),
    changes: async (chatId: number, since: number) =>
      call('GET', `/chats/${chatId}/changes`, { answer: Changes, query: { since } }),
  };
}
