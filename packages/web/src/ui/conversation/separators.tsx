import { useState } from 'react';
import { useMoments, useWords } from '../use-words.ts';
import styles from './separators.module.css';

/** @param onDay leads to another day. */
export function DaySeparator({ at, onDay }: { at: string; onDay: (at: string) => void }) {
  const words = useWords();
  const moments = useMoments();
  // The day that it is when the line comes on the screen; a page that is open over midnight catches up as one scrolls.
  const [now] = useState(() => new Date());
  return (
    <div className={styles.day}>
      <button type="button" title={words.jumpToDate} onClick={() => onDay(at)}>
        <time dateTime={at}>{moments.day(at, now)}</time>
      </button>
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
