import { Dialog } from '@base-ui/react/dialog';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import { useEffect, useRef, useState } from 'react';
import { oneLine, personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { useNow } from '../use-now.ts';
import { usePeople } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './pins-dialog.module.css';

export interface PinsDialogProps {
  chatId: number;
  pins: readonly MessageState[];
  self: number;
  mayUnpin: boolean;
  onShow: (messageId: number) => void;
  onClose: () => void;
}

/** All pinned messages of a chat; each leads to where it stands. */
export function PinsDialog({ chatId, pins, self, mayUnpin, onShow, onClose }: PinsDialogProps) {
  const words = useWords();
  const moments = useMoments();
  const now = useNow();
  const people = usePeople();
  const { client, notices } = useWorld();
  const [open, setOpen] = useState(true);
  const list = useRef<HTMLUListElement>(null);
  const count = useRef(pins.length);
  useEffect(() => {
    // The button that was pressed has gone with what it unpinned: whoever works by the keys goes on at the next.
    const lost = pins.length < count.current && document.activeElement === document.body;
    count.current = pins.length;
    if (lost) list.current?.querySelector('button')?.focus();
  }, [pins]);
  const nameOfSender = (userId: number): string => {
    const person = userId === self ? undefined : people.person(userId);
    return userId === self ? words.you : person === undefined ? '…' : nameOf(person);
  };
  return (
    <Dialog.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(still) => !still && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={popup.dialog}>
          <header className={styles.head}>
            <Dialog.Title>{words.pinnedMessages}</Dialog.Title>
            <Dialog.Close className={buttons.icon} aria-label={words.close}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <ul ref={list} className={styles.pins}>
            {pins.map(({ id, sender_id: senderId, text, created_at: at }) => (
              <li key={id}>
                <button
                  type="button"
                  className={styles.pin}
                  onClick={() => {
                    setOpen(false);
                    onShow(id);
                  }}
                >
                  <Avatar name={nameOfSender(senderId)} seed={personSeed(senderId)} size="small" />
                  <span className={styles.what}>
                    <b>
                      <span dir="auto">{nameOfSender(senderId)}</span>
                      <time dateTime={at}>{moments.near(at, now)}</time>
                    </b>
                    <span dir="auto">{oneLine(text)}</span>
                  </span>
                </button>
                {mayUnpin && (
                  <button
                    type="button"
                    className={buttons.icon}
                    aria-label={words.unpinMessage(oneLine(text))}
                    onClick={() => void notices.attempt('pin', async () => client.pin(chatId, id, false))}
                  >
                    <Icon name="unpin" />
                  </button>
                )}
              </li>
            ))}
          </ul>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
