import { useState, type ReactNode } from 'react';
import { useWords } from '../use-words.ts';
import { MentionsContext } from './mentions.tsx';
import styles from './spoiler.module.css';

/** What is hidden until it is pressed; then it stays, until it leaves the screen. */
export function Spoiler({ children }: { children: ReactNode }) {
  const words = useWords();
  const [shown, setShown] = useState(false);
  if (shown) {
    return (
      // The focus that was on it stays.
      <span className={styles.shown} tabIndex={-1}>
        {children}
      </span>
    );
  }
  return (
    // A button would not go on in the next line.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- see above
    <span
      className={styles.hidden}
      role="button"
      tabIndex={0}
      aria-label={words.spoiler}
      title={words.spoiler}
      onClick={() => setShown(true)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        setShown(true);
      }}
    >
      <span inert aria-hidden="true">
        <MentionsContext value={undefined}>{children}</MentionsContext>
      </span>
    </span>
  );
}
