import { AlertDialog } from '@base-ui/react/alert-dialog';
import buttons from '../parts/button.module.css';
import popup from '../parts/popup.module.css';
import { useWords } from '../use-words.ts';
import styles from './delete-dialog.module.css';

/** Asks before a message is gone for everyone. */
export function DeleteDialog({
  open,
  onClose,
  onDelete,
}: {
  open: boolean;
  onClose: () => void;
  onDelete: () => void;
}) {
  const words = useWords();
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={popup.veil} />
        <AlertDialog.Popup className={`${popup.dialog} ${styles.dialog}`}>
          <AlertDialog.Title className={styles.title}>{words.deleteAsk}</AlertDialog.Title>
          <AlertDialog.Description className={styles.told}>{words.deleteTold}</AlertDialog.Description>
          <div className={styles.foot}>
            <AlertDialog.Close className={buttons.quiet}>{words.cancel}</AlertDialog.Close>
            <button type="button" className={buttons.danger} onClick={onDelete}>
              {words.delete}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
