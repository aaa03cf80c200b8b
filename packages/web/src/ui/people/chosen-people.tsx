import type { User } from '@beseda/protocol/users.ts';
import { nameOf } from '../../state/people.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './new-chat.module.css';

/** Those who are chosen for a group, each to be taken out again; nothing where there is nobody. */
export function ChosenPeople({ chosen, onRemove }: { chosen: readonly User[]; onRemove: (user: User) => void }) {
  const words = useWords();
  if (chosen.length === 0) return null;
  return (
    <ul className={styles.chosen} aria-label={words.members}>
      {chosen.map((user) => (
        <li key={user.id}>
          <bdi>{nameOf(user)}</bdi>
          <button type="button" aria-label={words.remove(nameOf(user))} onClick={() => onRemove(user)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
