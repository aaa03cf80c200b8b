import type { ChatView } from '@beseda/client/store/views.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useChatSettings } from '../use-chat-settings.ts';
import { useWords } from '../use-words.ts';
import styles from './chat-switches.module.css';

/** How oneself has set the chat: nobody else sees it. */
export function ChatSwitches({ chat }: { chat: ChatView }) {
  const words = useWords();
  const set = useChatSettings();
  return (
    <div className={styles.switches}>
      <Switch icon="pin" on={chat.pinned} onChange={(pinned) => set(chat.id, { pinned })}>
        {words.pinned}
      </Switch>
      <Switch icon="muted" on={chat.muted} onChange={(muted) => set(chat.id, { muted })}>
        {words.muted}
      </Switch>
    </div>
  );
}

function Switch({
  icon,
  on,
  onChange,
  children,
}: {
  icon: IconName;
  on: boolean;
  onChange: (on: boolean) => void;
  children: string;
}) {
  return (
    <button type="button" role="switch" aria-checked={on} className={styles.switch} onClick={() => onChange(!on)}>
      <Icon name={icon} />
      <span>{children}</span>
      <span className={styles.track} aria-hidden="true" />
    </button>
  );
}
