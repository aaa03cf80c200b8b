import { useId, type ReactNode } from 'react';
import styles from './settings.module.css';

/** Settings of one subject, under its name. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const titleId = useId();
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <h3 id={titleId}>{title}</h3>
      {children}
    </section>
  );
}
