import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { FOLDED_LEAST, FOLDED_LINES } from '../../state/folding.ts';
import { useWords } from '../use-words.ts';
import styles from './foldable.module.css';
import { useFolds } from './folds.ts';

/** What may be long: its first lines, and the rest when it is asked for. */
export function Foldable({ id, children }: { id: string; children: ReactNode }) {
  const words = useWords();
  const folds = useFolds();
  const content = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(() => folds.isOpen(id));
  const [long, setLong] = useState(false);

  useLayoutEffect(() => {
    const element = content.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const line = Number.parseFloat(getComputedStyle(element).lineHeight);
      setLong(element.offsetHeight > (FOLDED_LINES + FOLDED_LEAST) * line);
    };
    measure();
    // Of another width it has other lines; of another text too.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  function toggle(row: Element | null): void {
    if (row !== null) folds.toggle(id, row, () => setOpen(!open));
  }

  const folded = long && !open;
  return (
    // What has the focus is to be seen.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- see above
    <div
      className={styles.foldable}
      data-long={long}
      onFocus={({ target, currentTarget }) => {
        const window = currentTarget.firstElementChild?.getBoundingClientRect();
        const beyond = window !== undefined && target.getBoundingClientRect().bottom > window.bottom + 1;
        if (folded && beyond && content.current?.contains(target) === true) toggle(target.closest('article'));
      }}
    >
      <div className={styles.window} data-open={open || undefined} data-folded={folded || undefined}>
        <div ref={content}>{children}</div>
      </div>
      {long && (
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          onClick={({ currentTarget }) => toggle(currentTarget.closest('article'))}
        >
          {open ? words.showLess : words.showMore}
        </button>
      )}
    </div>
  );
}
