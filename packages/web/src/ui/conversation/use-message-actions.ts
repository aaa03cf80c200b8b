import { randomUuid } from '@beseda/client/uuid.ts';
import { useState } from 'react';
import { pathOf } from '../../state/address.ts';
import { savedChat } from '../../state/saved.ts';
import { copyText } from '../clipboard.ts';
import { useWorld } from '../world.ts';
import type { MessageActions } from './message-actions.ts';
import { reactingTo, type Reacting } from './reaction-picker.tsx';
import type { Writing } from './writing.ts';

/** What one does to the messages of a chat: the same object as long as the chat is shown, so that no row is drawn again. */
export function useMessageActions(
  chatId: number,
  write: (writing: Writing) => void,
  showReaders: (messageId: number) => void,
  pick: (reacting: Reacting) => void,
  forward: (messageId: number) => void,
): MessageActions {
  const { client, notices, deletions } = useWorld();
  const copy = async (text: string): Promise<boolean> => {
    try {
      await copyText(text);
      return true;
    } catch {
      notices.tell({ kind: 'failed', deed: 'copy', problem: { code: 'copy', detail: '' }, again: undefined });
      return false;
    }
  };
  const copyLink = async (messageId: number): Promise<void> => {
    if (await copy(location.origin + pathOf({ chatId, messageId }))) notices.tell({ kind: 'link copied' });
  };
  const saveFrom = (messageId: number): void => {
    const clientId = randomUuid();
    void notices.attempt('save', async () => {
      const chatIds = [await savedChat(client)];
      await client.forward({ chat_id: chatId, messages: [{ id: messageId, client_id: clientId }], chat_ids: chatIds });
      notices.tell({ kind: 'saved' });
    });
  };
  const [actions] = useState<MessageActions>(() => ({
    reply: (message) => write({ kind: 'reply', to: message }),
    edit: (message) => write({ kind: 'edit', message }),
    delete: (message) => deletions.delete(chatId, message),
    readers(message) {
      if (typeof message.id === 'number') showReaders(message.id);
    },
    copy: (message) => void copy(message.text),
    copyLink({ id }) {
      if (typeof id === 'number') void copyLink(id);
    },
    retry(message) {
      if (typeof message.id === 'string') void client.retry(message.id);
    },
    pickReaction: (message, place) => pick(reactingTo(message, place)),
    forward({ id }) {
      if (typeof id === 'number') forward(id);
    },
    save({ id }) {
      if (typeof id === 'number') saveFrom(id);
    },
    pin({ id }, on) {
      if (typeof id === 'number') void notices.attempt('pin', async () => client.pin(chatId, id, on));
    },
    react(message, emoji, on) {
      void notices.attempt('react', async () => client.react(chatId, message.id, emoji, on));
    },
  }));
  return actions;
}
