import type { ChatView } from '@beseda/client/store/views.ts';
import { seedOf } from '../../state/chat-list.ts';
import { isSaved } from '../../state/saved.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './forward-dialog.module.css';

export interface ChatChoicesProps {
  chats: readonly ChatView[];
  chosen: readonly number[];
  /** No more may be chosen. */
  full: boolean;
  onToggle: (chatId: number) => void;
}

/** Chats of which one chooses some. */
export function ChatChoices({ chats, chosen, full, onToggle }: ChatChoicesProps) {
  const words = useWords();
  return (
    <ul className={styles.chats} aria-label={words.chats}>
      {chats.map((chat) => {
        const isChosen = chosen.includes(chat.id);
        return (
          <li key={chat.id}>
            <button
              type="button"
              className={styles.chat}
              aria-pressed={isChosen}
              disabled={full && !isChosen}
              onClick={() => onToggle(chat.id)}
            >
              <Avatar name={chat.name} seed={seedOf(chat)} group={chat.is_group} saved={isSaved(chat)} size="small" />
              <span dir="auto">{chat.name}</span>
              {isChosen && <Icon name="check" />}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
