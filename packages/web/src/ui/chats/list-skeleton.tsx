import { useWords } from '../use-words.ts';
import styles from './list-skeleton.module.css';

/** The shape of the list while it is on its way; nothing at all where it comes at once. */
export function ListSkeleton() {
  const words = useWords();
  return (
    <div className={styles.skeleton} role="status" aria-label={words.loading}>
      {[64, 40, 72, 52, 60, 44].map((width) => (
        <div key={width} className={styles.row}>
          <span className={styles.circle} />
          <span className={styles.line} style={{ '--width': `${width}%` }} />
        </div>
      ))}
    </div>
  );
}
