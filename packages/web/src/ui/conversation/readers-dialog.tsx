import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useMemo } from 'react';
import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { createReadersList } from '../../state/readers.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { usePeople, useWatched } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { useNow } from '../use-now.ts';
import { useWorld } from '../world.ts';
import styles from './readers-dialog.module.css';

/** People of one page, more than most groups have. */
const PAGE = 50;

/** Who has read a message, and when; and on whose devices it is unread. */
export function ReadersDialog({
  chatId,
  messageId,
  onClose,
}: {
  chatId: number;
  messageId: number;
  onClose: () => void;
}) {
  const words = useWords();
  const moments = useMoments();
  const { client } = useWorld();
  const now = useNow();
  const list = useMemo(
    () =>
      createReadersList(async (after) =>
        client.api.messages.readers(chatId, messageId, { limit: PAGE, ...(after === undefined ? {} : { after }) }),
      ),
    [client, chatId, messageId],
  );
  const { state, count, readers, delivered, more } = useWatched(list);

  useEffect(() => void list.load(), [list]);

  return (
    <Dialog.Root defaultOpen onOpenChangeComplete={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={`${popup.dialog} ${styles.dialog}`}>
          <header className={styles.head}>
            <Dialog.Title>{count === 0 ? words.readers : words.readBy(count)}</Dialog.Title>
            <Dialog.Close className={buttons.icon} aria-label={words.close}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <div className={styles.body}>
            <ul aria-label={words.readers}>
              {readers.map(({ user_id: userId, read_at: at }) => (
                <Reader key={userId} userId={userId} at={at === null ? undefined : moments.near(at, now)} />
              ))}
            </ul>
            {state === 'ready' && count === 0 && <p className={styles.told}>{words.readByNobody}</p>}
            {delivered.length > 0 && (
              <>
                <h3>{words.deliveredTo}</h3>
                <ul aria-label={words.deliveredTo}>
                  {delivered.map((userId) => (
                    <Reader key={userId} userId={userId} at={undefined} />
                  ))}
                </ul>
              </>
            )}
            <p className={styles.told} role="status">
              {state === 'failed' && words.readersFailed}
              {state === 'loading' && <span className="hidden">{words.loading}</span>}
            </p>
            {state !== 'loading' && more && (
              <button type="button" className={buttons.quiet} onClick={() => void list.load()}>
                {state === 'failed' ? words.retry : words.showMore}
              </button>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Reader({ userId, at }: { userId: number; at: string | undefined }) {
  const person = usePeople().person(userId);
  const name = person === undefined ? '…' : nameOf(person);
  return (
    <li className={styles.reader}>
      <Avatar name={name} seed={personSeed(userId)} size="small" />
      <span dir="auto">{name}</span>
      {at !== undefined && <time>{at}</time>}
    </li>
  );
}
