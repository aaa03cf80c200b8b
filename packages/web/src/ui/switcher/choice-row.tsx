import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import type { Choice } from '../../state/switcher.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { usePeople } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import styles from './switcher.module.css';
import { actionIcons, type Action } from './use-actions.ts';

/** What one can choose, as it stands in the list. */
export function ChoiceRow({ choice }: { choice: Choice<Action> }) {
  const people = usePeople();
  const words = useWords();
  switch (choice.kind) {
    case 'chat':
      return (
        <>
          <Avatar name={choice.name} seed={choice.seed} group={choice.isGroup} saved={choice.saved} size="small" />
          <span className={styles.text} dir="auto">
            {choice.name}
          </span>
          {choice.unread > 0 && (
            <span className={styles.unread} data-muted={choice.muted}>
              {choice.unread > 99 ? '99+' : choice.unread}
            </span>
          )}
        </>
      );
    case 'person':
      return (
        <>
          <Avatar name={nameOf(choice.user)} seed={personSeed(choice.user.id)} size="small" />
          <span className={styles.text} dir="auto">
            {nameOf(choice.user)}
            {choice.user.display_name !== null && <small>{choice.user.username}</small>}
          </span>
        </>
      );
    case 'message': {
      const sender = people.person(choice.senderId);
      return (
        <>
          <Avatar name={sender === undefined ? '' : nameOf(sender)} seed={personSeed(choice.senderId)} size="small" />
          <span className={styles.text} dir="auto">
            {choice.text}
            <small>{choice.chatName}</small>
          </span>
        </>
      );
    }
    case 'search':
      return (
        <>
          <span className={styles.icon}>
            <Icon name="search" />
          </span>
          <span className={styles.text}>{words.searchAllFor(choice.query)}</span>
        </>
      );
    case 'action':
      return (
        <>
          <span className={styles.icon}>
            <Icon name={actionIcons(choice.action)} />
          </span>
          <span className={styles.text}>{choice.label}</span>
        </>
      );
  }
}
