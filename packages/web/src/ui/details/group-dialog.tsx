import type { ChatView } from '@beseda/client/store/views.ts';
import { go } from '../navigation.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { AddPeopleDialog } from './add-people-dialog.tsx';
import type { GroupAsk } from './group-ask.ts';
import { RenameDialog } from './rename-dialog.tsx';

export interface GroupDialogProps {
  ask: GroupAsk;
  chat: ChatView;
  self: number;
  onClose: () => void;
}

/** The dialog for what is being asked. */
export function GroupDialog({ ask, chat, self, onClose }: GroupDialogProps) {
  const words = useWords();
  const { client, notices } = useWorld();
  const { groups } = client.api;

  async function leave(): Promise<void> {
    if (!(await notices.attempt('leave', async () => groups.leave(chat.id)))) return;
    go({});
    notices.tell({ kind: 'left', name: chat.name });
  }

  switch (ask.kind) {
    case 'rename':
      return <RenameDialog chat={chat} onClose={onClose} />;
    case 'add':
      return <AddPeopleDialog chatId={chat.id} self={self} onClose={onClose} />;
    case 'leave':
      return (
        <ConfirmDialog
          title={words.leaveAsk(chat.name)}
          told={words.leaveTold}
          act={words.leave}
          danger
          onAct={() => void leave()}
          onClose={onClose}
        />
      );
    case 'remove':
      return (
        <ConfirmDialog
          title={words.removeAsk(ask.name)}
          told={words.removeTold}
          act={words.removeDo}
          danger
          onAct={() => void notices.attempt('removeMember', async () => groups.removeMember(chat.id, ask.userId))}
          onClose={onClose}
        />
      );
    case 'hand over':
      return (
        <ConfirmDialog
          title={words.handOverAsk(ask.name)}
          told={words.handOverTold}
          act={words.handOverDo}
          danger={false}
          onAct={() => void notices.attempt('handOver', async () => groups.update(chat.id, { creator_id: ask.userId }))}
          onClose={onClose}
        />
      );
  }
}
