import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './to-newest.module.css';

/** Leads to the bottom, where one is not there; with the count of what is unread. */
export function ToNewest({ shown, unread, onClick }: { shown: boolean; unread: number; onClick: () => void }) {
  const words = useWords();
  if (!shown) return null;
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={unread > 0 ? words.toNewestCount(unread) : words.toNewest}
      onClick={onClick}
    >
      <Icon name="down" />
      {unread > 0 && <span className={styles.count}>{unread > 99 ? '99+' : unread}</span>}
    </button>
  );
}
