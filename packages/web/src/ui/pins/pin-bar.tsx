import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import { useState } from 'react';
import { oneLine } from '../../state/chat-list.ts';
import { mayPin, nextPin, placeAmong } from '../../state/pins.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './pin-bar.module.css';
import { PinsDialog } from './pins-dialog.tsx';

export interface PinBarProps {
  chat: ChatView;
  /** At least one, the one pinned last first. */
  pins: readonly MessageState[];
  self: number;
  onShow: (messageId: number) => void;
}

/** The message pinned last; pressed, it leads there, and shows the one pinned before it. */
export function PinBar({ chat, pins, self, onShow }: PinBarProps) {
  const words = useWords();
  const [shown, setShown] = useState<number>();
  const [listed, setListed] = useState(false);
  const at = placeAmong(pins, shown);
  const pin = pins[at];
  if (pin === undefined) return null;
  return (
    <section className={styles.bar} aria-label={words.pinnedMessages}>
      <button
        type="button"
        className={styles.pin}
        onClick={() => {
          onShow(pin.id);
          setShown(nextPin(pins, at));
        }}
      >
        <Icon name="pin" />
        <span className={styles.what}>
          <b>
            {words.pinnedMessage} {pins.length > 1 && <small>{words.pinnedNth(at + 1, pins.length)}</small>}
          </b>
          <span dir="auto">{oneLine(pin.text)}</span>
        </span>
      </button>
      <button
        type="button"
        className={buttons.icon}
        aria-label={words.pinnedMessages}
        aria-haspopup="dialog"
        onClick={() => setListed(true)}
      >
        <Icon name="list" />
      </button>
      {listed && (
        <PinsDialog
          chatId={chat.id}
          pins={pins}
          self={self}
          mayUnpin={mayPin(chat, self)}
          onShow={onShow}
          onClose={() => setListed(false)}
        />
      )}
    </section>
  );
}
