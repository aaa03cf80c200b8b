import type { Client } from '@beseda/client/client.ts';
import type { ChatView } from '@beseda/client/store/views.ts';

/** Whether it is the chat with oneself, where one keeps what one wants to find again. */
export function isSaved(chat: Pick<ChatView, 'is_group' | 'peer'>): boolean {
  return !chat.is_group && chat.peer === null;
}

/** The chat as it is called here: the one with oneself has no name of its own. */
export function withName(chat: ChatView, saved: string): ChatView {
  return isSaved(chat) ? { ...chat, name: saved } : chat;
}

/** The id of the chat with oneself, which is made where there is none yet. @throws ApiError */
export async function savedChat({ api, store, userId }: Pick<Client, 'api' | 'store' | 'userId'>): Promise<number> {
  return store.inbox().find(isSaved)?.id ?? (await api.chats.open(userId)).id;
}
