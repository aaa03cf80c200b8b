import { Dialog } from '@base-ui/react/dialog';
import popup from '../parts/popup.module.css';
import { MessageSearchView } from './message-search.tsx';
import styles from './search.module.css';

export interface SearchDialogProps {
  open: boolean;
  /** What to begin with. */
  query: string;
  self: number;
  onOpenChange: (open: boolean) => void;
  /** What was typed last: it is there again the next time. */
  onQuery: (query: string) => void;
}

/** Searches the messages of all chats. */
export function SearchDialog({ open, query, self, onOpenChange, onQuery }: SearchDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={`${popup.dialog} ${styles.dialog}`}>
          <MessageSearchView first={query} self={self} onQuery={onQuery} onDone={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
