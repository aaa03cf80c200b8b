import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import type { MessageItem } from '../../state/timeline.ts';
import { saidOf } from '../files/said-of.ts';
import { hueOf } from '../parts/avatar.tsx';
import { usePeople } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './quote.module.css';

export interface QuoteProps {
  chatId: number;
  self: number;
  replyTo: NonNullable<MessageItem['replyTo']>;
  onJump: (messageId: number) => void;
}

/** What a message answers; leads there. */
export function Quote({ chatId, self, replyTo, onJump }: QuoteProps) {
  const words = useWords();
  const people = usePeople();
  const { client } = useWorld();
  const { store } = client;
  const watch = useCallback(
    (listener: () => void) => store.watch({ of: 'message', chatId, messageId: replyTo.id }, listener),
    [store, chatId, replyTo.id],
  );
  const original = useSyncExternalStore(watch, () => store.message(chatId, replyTo.id));
  useEffect(() => {
    // Where it cannot be read just now, the quote says so.
    if (store.message(chatId, replyTo.id) === undefined) client.loadMessage(chatId, replyTo.id).catch(() => undefined);
  }, [client, store, chatId, replyTo.id]);
  const senderId = replyTo.sender_id ?? original?.sender_id;
  const person = senderId === undefined || senderId === self ? undefined : people.person(senderId);
  const name = senderId === self ? words.you : person === undefined ? words.someone : nameOf(person);
  const text =
    original === undefined
      ? words.originalGone
      : original.deleted_at === null
        ? saidOf(words, original)
        : words.deletedMessage;
  return (
    <button
      type="button"
      className={styles.quote}
      style={{ '--hue': hueOf(personSeed(senderId ?? 0)) }}
      onClick={() => onJump(replyTo.id)}
    >
      <b dir="auto">{name}</b>
      <span dir="auto">{text}</span>
    </button>
  );
}
