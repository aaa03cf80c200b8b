import { Dialog } from '@base-ui/react/dialog';
import popup from '../parts/popup.module.css';
import { NewChatSteps } from './new-chat-steps.tsx';

export interface NewChatProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  self: number;
  /** The chat is there. */
  onChat: (chatId: number) => void;
}

/** Finding someone to talk to, or several to make a group of. */
export function NewChat({ open, onOpenChange, self, onChat }: NewChatProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={popup.dialog}>
          <NewChatSteps self={self} onChat={onChat} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
