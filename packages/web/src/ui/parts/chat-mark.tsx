import styles from './chat-mark.module.css';
import { Icon, type IconName } from './icon.tsx';

/** A quiet sign beside a chat's name, and what it says in words. */
export function ChatMark({ icon, name }: { icon: IconName; name: string }) {
  return (
    <span className={styles.mark}>
      <Icon name={icon} />
      <span className="hidden">{name}</span>
    </span>
  );
}
