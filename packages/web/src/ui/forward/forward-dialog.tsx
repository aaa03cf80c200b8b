import { Dialog } from '@base-ui/react/dialog';
import { randomUuid } from '@beseda/client/uuid.ts';
import { FORWARDED, TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import { useRef, useState, type KeyboardEvent } from 'react';
import { chatsToChoose, forwardRequest, toggled } from '../../state/forwarding.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { useInbox } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { ChatChoices } from './chat-choices.tsx';
import styles from './forward-dialog.module.css';

export interface ForwardDialogProps {
  chatId: number;
  messageId: number;
  onClose: () => void;
}

/** To which chats a message is to go, and what one says to it. */
export function ForwardDialog({ chatId, messageId, onClose }: ForwardDialogProps) {
  const words = useWords();
  const { client, notices } = useWorld();
  const inbox = useInbox();
  const [open, setOpen] = useState(true);
  const [query, setQuery] = useState('');
  const [comment, setComment] = useState('');
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const shown = chatsToChoose(inbox, query);
  const search = useRef<HTMLInputElement>(null);

  async function forward(): Promise<void> {
    const request = forwardRequest({ chatId, id: messageId }, chosen, comment, randomUuid);
    setOpen(false);
    const told = (): void => void notices.tell({ kind: 'forwarded', count: request.chat_ids.length });
    await notices.attempt('forward', async () => client.forward(request).then(told));
  }

  function onSearchKey(event: KeyboardEvent): void {
    const [first] = shown;
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || query === '' || first === undefined) return;
    // It chooses; what sends is the button, and Enter in the comment.
    event.preventDefault();
    setChosen(toggled(chosen, first.id));
    setQuery('');
  }

  return (
    <Dialog.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(still) => !still && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        {/* On a phone the keyboard would cover what is to be chosen from. */}
        <Dialog.Popup className={popup.dialog} initialFocus={matchMedia('(pointer: coarse)').matches ? true : search}>
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (chosen.length > 0) void forward();
            }}
          >
            <header className={styles.head}>
              <Dialog.Title>{words.forwardTitle}</Dialog.Title>
              <Dialog.Close className={buttons.icon} aria-label={words.close}>
                <Icon name="close" />
              </Dialog.Close>
            </header>
            <div className={styles.search}>
              <Icon name="search" />
              <input
                ref={search}
                type="search"
                dir="auto"
                aria-label={words.forwardSearch}
                placeholder={words.forwardSearch}
                autoComplete="off"
                spellCheck={false}
                value={query}
                onChange={({ target }) => setQuery(target.value)}
                onKeyDown={onSearchKey}
              />
            </div>
            <ChatChoices
              chats={shown}
              chosen={chosen}
              full={chosen.length >= FORWARDED.chats}
              onToggle={(id) => setChosen(toggled(chosen, id))}
            />
            <p className={styles.nothing} role="status">
              {shown.length === 0 && words.switcherNothing(query.trim())}
            </p>
            <footer className={styles.foot}>
              <input
                type="text"
                dir="auto"
                aria-label={words.forwardComment}
                placeholder={words.forwardComment}
                maxLength={TEXT_LENGTH.max}
                autoComplete="off"
                value={comment}
                onChange={({ target }) => setComment(target.value)}
              />
              <button type="submit" className={buttons.primary} disabled={chosen.length === 0}>
                {words.forwardTo(Math.max(1, chosen.length))}
              </button>
            </footer>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
