import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import styles from './notice.module.css';

/** What stands where there is nothing else: one sentence, and what one can do. */
export function Notice({ icon, children, action }: { icon: IconName; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.notice}>
      <span className={styles.icon}>
        <Icon name={icon} />
      </span>
      <p>{children}</p>
      {action}
    </div>
  );
}
