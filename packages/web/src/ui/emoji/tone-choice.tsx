import { useState } from 'react';
import { toned } from '../../state/emoji.ts';
import { tones, type Tone } from '../../state/skin-tones.ts';
import { useWords } from '../use-words.ts';
import type { EmojiCell } from './emoji-grid.tsx';
import styles from './emoji-picker.module.css';

const HAND = { char: '✋', hasTones: true };

export interface ToneChoiceProps {
  /** What Enter takes, shown large. */
  cell: EmojiCell | undefined;
  tone: Tone;
  onTone: (tone: Tone) => void;
}

/** What the emoji in question is called; beside it, the skin tone in which hands and people are drawn. */
export function ToneChoice({ cell, tone, onTone }: ToneChoiceProps) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.foot}>
      {open ? (
        <div className={styles.tones} role="group" aria-label={words.skinTone}>
          {tones.map((one) => (
            <button
              key={one}
              type="button"
              aria-label={words.skinTones[one]}
              aria-pressed={one === tone}
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that was pressed has given place to these
              autoFocus={one === tone}
              onClick={() => {
                onTone(one);
                setOpen(false);
              }}
            >
              {toned(HAND, one)}
            </button>
          ))}
        </div>
      ) : (
        <>
          <p className={styles.preview} aria-hidden="true">
            {cell !== undefined && (
              <>
                <span>{cell.char}</span>
                <b>{cell.label}</b>
                <small>:{cell.short}:</small>
              </>
            )}
          </p>
          <button
            type="button"
            className={styles.tone}
            aria-label={`${words.skinTone}: ${words.skinTones[tone]}`}
            title={words.skinTone}
            aria-expanded="false"
            onClick={() => setOpen(true)}
          >
            {toned(HAND, tone)}
          </button>
        </>
      )}
    </div>
  );
}
