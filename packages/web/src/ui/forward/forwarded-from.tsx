import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { hueOf } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { usePeople } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import styles from './forwarded-from.module.css';

/** Whose words those are that somebody forwarded. */
export function ForwardedFrom({ userId, self }: { userId: number; self: number }) {
  const words = useWords();
  const person = usePeople().person(userId);
  const name = person === undefined ? (userId === self ? words.you : '…') : nameOf(person);
  return (
    <p className={styles.from} style={{ '--hue': hueOf(personSeed(userId)) }}>
      <Icon name="forward" />
      <span dir="auto">{words.forwardedFrom(name)}</span>
    </p>
  );
}
