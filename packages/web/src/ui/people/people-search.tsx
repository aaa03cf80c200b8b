import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './new-chat.module.css';

/** The field in which one types whom to find. */
export function PeopleSearch({ focused, onType }: { focused: boolean; onType: (query: string) => void }) {
  const words = useWords();
  return (
    <div className={styles.search}>
      <Icon name="search" />
      <input
        type="search"
        dir="auto"
        aria-label={words.findPeople}
        placeholder={words.findPeople}
        autoComplete="off"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was opened to find someone
        autoFocus={focused}
        onChange={({ target }) => onType(target.value)}
      />
    </div>
  );
}
