import { useState } from 'react';
import { useMoments, useWords } from '../use-words.ts';
import styles from './separators.module.css';

export function DaySeparator({ at }: { at: string }) {
  const moments = useMoments();
  // The day that it is when the line comes on the screen; a page that is open over midnight catches up as one scrolls.
  const [now] = useState(() => new Date());
  return (
    <div className={styles.day}>
      <time dateTime={at}>{moments.day(at, now)}</time>
    </div>
  );
}

/** Above what was not read when the chat was opened. */
export function NewSeparator() {
  const words = useWords();
  return <div className={styles.new}>{words.newMessages}</div>;
}

export function StartOfChat() {
  const words = useWords();
  return <p className={styles.start}>{words.chatBegins}</p>;
}
