import { Dialog } from '@base-ui/react/dialog';
import type { ChatView } from '@beseda/client/store/views.ts';
import { NAME_LENGTH } from '@beseda/protocol/limits.ts';
import { useId, useState } from 'react';
import { formProblem } from '../../state/form-problem.ts';
import buttons from '../parts/button.module.css';
import confirm from '../parts/confirm-dialog.module.css';
import popup from '../parts/popup.module.css';
import { errorText, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './rename-dialog.module.css';

/** Another name for a group. */
export function RenameDialog({ chat, onClose }: { chat: ChatView; onClose: () => void }) {
  const words = useWords();
  const { client } = useWorld();
  const nameId = useId();
  const [open, setOpen] = useState(true);
  const [name, setName] = useState(chat.name);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ code: string; detail: string }>();

  async function rename(): Promise<void> {
    setBusy(true);
    try {
      await client.api.groups.update(chat.id, { name });
      setOpen(false);
    } catch (error) {
      const { fields, form } = formProblem(error, ['name']);
      setProblem(fields.name ?? form);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(shown) => !shown && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={`${popup.dialog} ${confirm.dialog}`}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void rename();
            }}
          >
            <Dialog.Title className={confirm.title}>{words.renameGroup}</Dialog.Title>
            <div className={styles.field}>
              <label htmlFor={nameId}>{words.groupName}</label>
              <input
                id={nameId}
                dir="auto"
                value={name}
                maxLength={NAME_LENGTH.max}
                onChange={({ target }) => setName(target.value)}
              />
              {problem !== undefined && <p role="alert">{errorText(words, problem)}</p>}
            </div>
            <div className={confirm.foot}>
              <Dialog.Close className={buttons.quiet}>{words.cancel}</Dialog.Close>
              <button type="submit" className={buttons.primary} disabled={busy || name.trim() === ''}>
                {words.rename}
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
