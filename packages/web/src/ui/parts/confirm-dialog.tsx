import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useWords } from '../use-words.ts';
import buttons from './button.module.css';
import styles from './confirm-dialog.module.css';
import popup from './popup.module.css';

export interface ConfirmDialogProps {
  /** What is asked. */
  title: string;
  /** What follows from it. */
  told: string;
  /** The verb on the button. */
  act: string;
  danger: boolean;
  onAct: () => void;
  onClose: () => void;
}

/** Asks before something that cannot simply be undone. */
export function ConfirmDialog({ title, told, act, danger, onAct, onClose }: ConfirmDialogProps) {
  const words = useWords();
  return (
    <AlertDialog.Root defaultOpen onOpenChangeComplete={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={popup.veil} />
        <AlertDialog.Popup className={`${popup.dialog} ${styles.dialog}`}>
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description className={styles.told}>{told}</AlertDialog.Description>
          <div className={styles.foot}>
            <AlertDialog.Close className={buttons.quiet}>{words.cancel}</AlertDialog.Close>
            <AlertDialog.Close className={danger ? buttons.danger : buttons.primary} onClick={onAct}>
              {act}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
