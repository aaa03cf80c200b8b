import { Dialog } from '@base-ui/react/dialog';
import popup from '../parts/popup.module.css';
import { NewChatSteps } from './new-chat-steps.tsx';

export interface NewChatProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Begin with a group. */
  group: boolean;
  self: number;
  /** The chat is there. */
  onChat: (chatId: number) => void;
}

/** Finding someone to talk to, or several to make a group of. */
export function NewChat({ open, onOpenChange, group, self, onChat }: NewChatProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={popup.dialog}>
          <NewChatSteps begin={group ? 'group' : 'chat'} self={self} onChat={onChat} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
