import { Popover } from '@base-ui/react/popover';
import { useRef, type RefObject } from 'react';
import popup from '../parts/popup.module.css';
import { pointOf, type Point } from '../parts/point.ts';
import { useWords } from '../use-words.ts';
import { EmojiChoice } from './emoji-choice.tsx';
import styles from './emoji-picker.module.css';

export interface EmojiPickerProps {
  /** Beside what, or where on the screen; undefined: closed. */
  place: Element | Point | undefined;
  /** Which of its sides stands in line with that place. */
  align: 'start' | 'end';
  /** @param more another may follow: it stays open. */
  onPick: (emoji: string, more: boolean) => void;
  onClose: () => void;
  /** What gets the focus when it closes; what had it before unless given. */
  returnTo?: RefObject<HTMLElement | null>;
}

/** All emoji there are, to choose one. */
export function EmojiPicker({ place, align, onPick, onClose, returnTo }: EmojiPickerProps) {
  const words = useWords();
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const anchor = place === undefined || place instanceof Element ? place : pointOf(place);
  // On a phone the keyboard would cover what is to be chosen from.
  const first = matchMedia('(pointer: coarse)').matches ? box : field;
  return (
    <Popover.Root open={place !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal container={document.querySelector('main')}>
        <Popover.Positioner
          className={popup.positioner}
          anchor={anchor ?? null}
          side="top"
          align={align}
          sideOffset={8}
          collisionPadding={8}
        >
          <Popover.Popup
            ref={box}
            className={styles.popup}
            aria-label={words.emoji}
            initialFocus={first}
            finalFocus={returnTo ?? true}
          >
            {place !== undefined && <EmojiChoice field={field} onPick={onPick} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
