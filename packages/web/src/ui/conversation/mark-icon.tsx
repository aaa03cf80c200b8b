import type { Mark } from '../../state/timeline.ts';
import { useWords } from '../use-words.ts';
import styles from './mark-icon.module.css';

const paths: Record<Mark, string> = {
  sending: 'M10 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10M10 4.500V7l1.600 1',
  sent: 'm5 7.500 3.500 3.500L15.500 3',
  delivered: 'm1.500 7.500 3.500 3.500L12 3M9 10l1 1 7-8',
  read: 'm1.500 7.500 3.500 3.500L12 3M9 10l1 1 7-8',
  failed: 'M10 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10M10 4.500v3M10 9.500h.01',
};

/** How far one's own message has come. */
export function MarkIcon({ mark }: { mark: Mark }) {
  const words = useWords();
  return (
    <svg className={styles.mark} data-mark={mark} viewBox="0 0 20 14" role="img" aria-label={words.marks[mark]}>
      <path d={paths[mark]} />
    </svg>
  );
}
