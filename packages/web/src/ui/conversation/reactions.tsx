import type { MessageItem } from '../../state/timeline.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import type { MessageActions } from './message-actions.ts';
import styles from './reactions.module.css';

export interface ReactionsProps {
  message: MessageItem;
  self: number;
  actions: MessageActions;
}

/** How people have reacted; a click joins them, or takes one's own back. */
export function Reactions({ message, self, actions }: ReactionsProps) {
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
            onClick={() => actions.react(message, emoji, !own)}
          >
            <span aria-hidden="true">
              {emoji} {count}
            </span>
          </button>
        );
      })}
      <button
        type="button"
        className={styles.more}
        aria-label={words.moreReactions}
        aria-haspopup="dialog"
        onClick={({ currentTarget }) => actions.pickReaction(message, currentTarget)}
      >
        <Icon name="react" />
      </button>
    </div>
  );
}
