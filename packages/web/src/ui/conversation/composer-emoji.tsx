import { Suspense, useState, type RefObject } from 'react';
import { EmojiPicker } from '../later.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './composer.module.css';

export interface ComposerEmojiProps {
  /** Where one writes, and goes on writing. */
  area: RefObject<HTMLTextAreaElement | null>;
  onPick: (emoji: string) => void;
}

/** The button that opens all emoji. */
export function ComposerEmoji({ area, onPick }: ComposerEmojiProps) {
  const words = useWords();
  /** Undefined until it is first wanted. */
  const [place, setPlace] = useState<{ at: Element | undefined }>();
  return (
    <>
      <button
        type="button"
        className={`${buttons.icon} ${styles.emoji}`}
        aria-label={words.emoji}
        aria-haspopup="dialog"
        aria-expanded={place?.at !== undefined}
        onClick={({ currentTarget }) =>
          setPlace({ at: place?.at === undefined ? (currentTarget.form ?? currentTarget) : undefined })
        }
      >
        <Icon name="smile" />
      </button>
      {place !== undefined && (
        <Suspense>
          <EmojiPicker
            place={place.at}
            align="end"
            // On a phone that would bring the keyboard.
            {...(matchMedia('(pointer: coarse)').matches ? {} : { returnTo: area })}
            onPick={(emoji, more) => {
              onPick(emoji);
              if (!more) setPlace({ at: undefined });
            }}
            onClose={() => setPlace({ at: undefined })}
          />
        </Suspense>
      )}
    </>
  );
}
