import { useEffect, useRef } from 'react';
import { personSeed } from '../../state/chat-list.ts';
import type { Suggestion, Suggestions } from '../../state/completion.ts';
import { nameOf } from '../../state/people.ts';
import { Avatar } from '../parts/avatar.tsx';
import { useWords } from '../use-words.ts';
import styles from './completion-list.module.css';
import { optionId } from './option-id.ts';

export interface CompletionListProps {
  id: string;
  shown: Suggestions | undefined;
  onPoint: (index: number) => void;
  onTake: (index: number) => void;
}

/** What may stand for the word being written, above the field, which keeps the focus. */
export function CompletionList({ id, shown, onPoint, onTake }: CompletionListProps) {
  const words = useWords();
  const list = useRef<HTMLDivElement>(null);
  const at = shown?.at;

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- what is chosen is what is scrolled to
  }, [at]);

  return (
    <>
      {shown !== undefined && (
        <div className={styles.list} id={id} ref={list} role="listbox" aria-label={words.suggestions}>
          {shown.all.map((suggestion, index) => (
            // The keys are heard by the field, which holds the focus.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- see above
            <div
              key={suggestion.key}
              id={optionId(id, index)}
              className={styles.option}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onPointerMove={() => onPoint(index)}
              // The field must not lose the focus, or the keyboard of a phone would go.
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onTake(index)}
            >
              <OptionView suggestion={suggestion} />
            </div>
          ))}
        </div>
      )}
      <p className="hidden" role="status">
        {shown !== undefined && words.suggested(shown.all.length)}
      </p>
    </>
  );
}

function OptionView({ suggestion }: { suggestion: Suggestion }) {
  switch (suggestion.kind) {
    case 'person': {
      const { user } = suggestion;
      return (
        <>
          <Avatar name={nameOf(user)} seed={personSeed(user.id)} size="small" />
          <b>{nameOf(user)}</b>
          <small>@{user.username}</small>
        </>
      );
    }
    case 'emoji':
      return (
        <>
          <span className={styles.emoji}>{suggestion.char}</span>
          <b>{suggestion.label}</b>
          <small>:{suggestion.short}:</small>
        </>
      );
  }
}
