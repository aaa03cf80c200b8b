import { nameOf } from '../../state/people.ts';
import { saidOf } from '../files/said-of.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { usePeople } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import styles from './composer.module.css';
import type { Writing } from './writing.ts';

export interface ComposerAboutProps {
  writing: Exclude<Writing, { kind: 'new' }>;
  self: number;
  onDone: () => void;
}

/** What is answered, or changed. */
export function ComposerAbout({ writing, self, onDone }: ComposerAboutProps) {
  const words = useWords();
  const people = usePeople();
  const editing = writing.kind === 'edit';
  const about = editing ? writing.message : writing.to;
  const person = about.senderId === self ? undefined : people.person(about.senderId);
  const name = person === undefined ? words.you : nameOf(person);
  return (
    <div className={styles.about}>
      <Icon name={editing ? 'edit' : 'reply'} />
      <p>
        <b>{editing ? words.editing : words.replyingTo(name)}</b>
        <span dir="auto">{saidOf(words, about)}</span>
      </p>
      <button
        type="button"
        className={buttons.icon}
        aria-label={editing ? words.cancelEdit : words.cancelReply}
        onClick={onDone}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
