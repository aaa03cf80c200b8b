import type { MessageItem } from '../../state/timeline.ts';
import { useWords } from '../use-words.ts';
import styles from './reactions.module.css';

export interface ReactionsProps {
  message: MessageItem;
  self: number;
  onReact: (message: MessageItem, emoji: string, on: boolean) => void;
}

/** How people have reacted; a click joins them, or takes one's own back. */
export function Reactions({ message, self, onReact }: ReactionsProps) {
  const words = useWords();
  return (
    <div className={styles.reactions} role="group" aria-label={words.reactions}>
      {message.reactions.map(({ emoji, count, user_ids: userIds }) => {
        const own = userIds.includes(self);
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={own}
            aria-label={words.reactedWith(emoji, count)}
            onClick={() => onReact(message, emoji, !own)}
          >
            <span aria-hidden="true">
              {emoji} {count}
            </span>
          </button>
        );
      })}
    </div>
  );
}
