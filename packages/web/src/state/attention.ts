import type { MessageState } from '@beseda/client/store/chat-record.ts';

/** What one tab of this browser shows at present. */
export interface TabView {
  /** It can be seen, though it may stand beside or behind what one is at. */
  visible: boolean;
  /** It is what one is at. */
  front: boolean;
  /** The chat that is open in it. */
  chatId: number | undefined;
}

/** A message that has come, and all that decides whether to tell of it. */
export interface Arrival {
  message: Pick<MessageState, 'sender_id' | 'id' | 'deleted_at'>;
  /** The chat as it stands now: what was read on another device meanwhile counts. */
  chat: { id: number; last_read_id: number; muted: boolean };
  self: number;
  /** All tabs of this browser, this one among them. */
  tabs: readonly TabView[];
}

/** Whether to show a notification of a message, and whether it sounds where sounds are wanted. */
export interface Telling {
  notify: boolean;
  sound: boolean;
}

/**
 * Nothing tells of one's own messages, of muted chats and of what was read. Notifications are for when no tab is in
 * front, which would show it in its list; and not for a chat that is open where one can see it.
 */
export function tellingOf({ message, chat, self, tabs }: Arrival): Telling {
  const concerns =
    message.sender_id !== self && message.deleted_at === null && !chat.muted && message.id > chat.last_read_id;
  if (!concerns) return { notify: false, sound: false };
  const onScreen = tabs.some((tab) => (tab.visible || tab.front) && tab.chatId === chat.id);
  return { notify: !onScreen && !tabs.some(({ front }) => front), sound: !onScreen };
}
