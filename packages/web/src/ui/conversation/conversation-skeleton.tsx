import { useWords } from '../use-words.ts';
import styles from './conversation-skeleton.module.css';

/** The shape of a conversation while it is on its way; nothing at all where it comes at once. */
export function ConversationSkeleton() {
  const words = useWords();
  return (
    <div className={styles.skeleton} role="status" aria-label={words.loading}>
      {[46, 30, 54, 38, 62].map((width, index) => (
        <span
          key={width}
          className={styles.bubble}
          data-mine={index === 1 || index === 4}
          style={{ '--width': `${width}%` }}
        />
      ))}
    </div>
  );
}
