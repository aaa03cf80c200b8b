import type { User } from '@beseda/protocol/users.ts';
import { personSeed } from '../../state/chat-list.ts';
import type { Found } from '../../state/finding-people.ts';
import { nameOf } from '../../state/people.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './new-chat.module.css';

export interface PeopleFoundProps {
  found: Found;
  /** Those who are chosen already; undefined where one is all. */
  chosen: readonly User[] | undefined;
  onChoose: (user: User) => void;
}

/** Those who were found, or why there are none. */
export function PeopleFound({ found, chosen, onChoose }: PeopleFoundProps) {
  const words = useWords();
  return (
    <div className={styles.found}>
      <p className={styles.told} role="status">
        {found.state === 'idle' && words.findIdle}
        {found.state === 'failed' && words.findFailed}
        {found.state === 'found' && found.people.length === 0 && words.findNobody(found.query)}
      </p>
      <ul>
        {found.people.map((user) => {
          const isChosen = chosen?.some(({ id }) => id === user.id);
          return (
            <li key={user.id}>
              <button type="button" className={styles.person} aria-pressed={isChosen} onClick={() => onChoose(user)}>
                <Avatar name={nameOf(user)} seed={personSeed(user.id)} size="small" />
                <span dir="auto">
                  {nameOf(user)}
                  {user.display_name !== null && <small>{user.username}</small>}
                </span>
                {isChosen === true && <Icon name="check" />}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
