import type { ChatView } from '@beseda/client/store/views.ts';
import { FORWARDED } from '@beseda/protocol/limits.ts';
import type { ForwardMessages } from '@beseda/protocol/messages.ts';
import { pinnedFirst } from './chat-list.ts';
import { fold, ranked } from './ranking.ts';

/** The chats to which one may forward, those that fit a query best first; without one as the list has them. */
export function chatsToChoose(inbox: readonly ChatView[], query: string): ChatView[] {
  return ranked(pinnedFirst(inbox), fold(query), ({ name, peer }) => [name, peer?.username ?? '']);
}

/** Chooses a chat, or takes it back; more than there may be are not chosen. */
export function toggled(chosen: readonly number[], chatId: number): readonly number[] {
  if (chosen.includes(chatId)) return chosen.filter((id) => id !== chatId);
  return chosen.length < FORWARDED.chats ? [...chosen, chatId] : chosen;
}

/** What is asked for, with ids of its own, so that it may be asked for again. */
export function forwardRequest(
  message: { chatId: number; id: number },
  chosen: readonly number[],
  comment: string,
  uuid: () => string,
): ForwardMessages {
  const text = comment.trim();
  return {
    chat_id: message.chatId,
    messages: [{ id: message.id, client_id: uuid() }],
    chat_ids: [...chosen],
    ...(text === '' ? {} : { comment: { text, client_id: uuid() } }),
  };
}
