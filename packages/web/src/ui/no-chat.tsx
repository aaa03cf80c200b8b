import buttons from './parts/button.module.css';
import { Notice } from './parts/notice.tsx';
import { useInbox, useSynced } from './use-watched.ts';
import { useWords } from './use-words.ts';

/** What stands in the room of a conversation while none is open. */
export function NoChat({ onNewChat }: { onNewChat: () => void }) {
  const words = useWords();
  const synced = useSynced();
  const none = useInbox().length === 0;
  // Whether there are chats is not known yet.
  if (none && !synced) return null;
  return (
    <Notice
      icon="chats"
      action={
        <button type="button" className={none ? buttons.primary : buttons.quiet} onClick={onNewChat}>
          {words.newChat}
        </button>
      }
    >
      {none ? words.noChats : words.chooseChat}
    </Notice>
  );
}
