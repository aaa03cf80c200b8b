import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import type { Found } from '../../state/search.ts';
import { Avatar } from '../parts/avatar.tsx';
import { useNow } from '../use-now.ts';
import { useChat, usePeople } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import styles from './search.module.css';

/** A message that was found: who wrote it, where and when, and the part of it that was looked for. */
export function FoundRow({ found, self }: { found: Found; self: number }) {
  const words = useWords();
  const moments = useMoments();
  const now = useNow();
  const people = usePeople();
  const chat = useChat(found.chatId);
  const person = people.person(found.senderId);
  const name = person === undefined ? words.someone : nameOf(person);
  // In a personal chat with them, their name says it all.
  const chatName = chat?.peer?.id === found.senderId ? undefined : chat?.name;
  return (
    <>
      <Avatar name={name} seed={personSeed(found.senderId)} size="small" />
      <span className={styles.about}>
        <span className={styles.head}>
          <span className={styles.name} dir="auto">
            {found.senderId === self ? words.you : name}
          </span>
          {chatName !== undefined && (
            <span className={styles.chat} dir="auto">
              {chatName}
            </span>
          )}
          <time className={styles.time} dateTime={found.at}>
            {moments.short(found.at, now)}
          </time>
        </span>
        <span className={styles.text} dir="auto">
          {found.pieces.map(({ text, marked }, index) =>
            // oxlint-disable-next-line react/no-array-index-key -- the pieces of a text are what they are by their place
            marked ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
          )}
        </span>
      </span>
    </>
  );
}
