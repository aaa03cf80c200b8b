import type { ChatView } from '@beseda/client/store/views.ts';
import { useEffect } from 'react';
import { seedOf } from '../../state/chat-list.ts';
import { isSaved } from '../../state/saved.ts';
import { backToList } from '../navigation.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { ChatMark } from '../parts/chat-mark.tsx';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../use-now.ts';
import { useChat, useMembers, useOnlineCount, usePresence, useTyping, useWatched } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { ChatMenuButton } from './chat-menu-button.tsx';
import styles from './conversation-pane.module.css';
import { TypingLine } from './typing-line.tsx';

export interface ConversationHeadProps {
  chatId: number;
  self: number;
  detailsShown: boolean;
  onDetails: () => void;
  onSearch: () => void;
}

/** Which chat it is, who is there, and what one does with it as a whole. */
export function ConversationHead({ chatId, self, detailsShown, onDetails, onSearch }: ConversationHeadProps) {
  const words = useWords();
  const { client, connection } = useWorld();
  const chat = useChat(chatId);
  const members = useMembers(chatId);
  const line = useWatched(connection);
  const isGroup = chat?.is_group === true;

  useEffect(() => {
    // The count is only left out where it cannot be had just now.
    if (isGroup && members === undefined) client.loadMembers(chatId).catch(() => undefined);
  }, [client, chatId, isGroup, members]);

  return (
    <header className={styles.head}>
      <button type="button" className={`${buttons.icon} ${styles.back}`} aria-label={words.back} onClick={backToList}>
        <Icon name="back" />
      </button>
      {chat !== undefined && (
        <>
          <Avatar name={chat.name} seed={seedOf(chat)} group={chat.is_group} saved={isSaved(chat)} size="small" />
          <div className={styles.who}>
            <div className={styles.name}>
              <h2 dir="auto">{chat.name}</h2>
              {chat.muted && <ChatMark icon="muted" name={words.muted} />}
            </div>
            <p>
              {line === 'quiet' && <About chat={chat} self={self} />}
              {line === 'connecting' && words.connecting}
              {line === 'offline' && words.noConnection}
            </p>
          </div>
          <div className={styles.acts}>
            <button type="button" className={buttons.icon} aria-label={words.searchChat} onClick={onSearch}>
              <Icon name="search" />
            </button>
            <ChatMenuButton chat={chat} />
            <button
              type="button"
              className={buttons.icon}
              aria-label={words.details}
              aria-pressed={detailsShown}
              onClick={onDetails}
            >
              <Icon name="panel" />
            </button>
          </div>
        </>
      )}
    </header>
  );
}

/** Who types; else who is there. */
function About({ chat, self }: { chat: ChatView; self: number }) {
  const words = useWords();
  const moments = useMoments();
  const now = useNow();
  const members = useMembers(chat.id);
  const typing = useTyping(chat.id);
  const presence = usePresence(chat.peer?.id);
  const online = useOnlineCount(chat.id, self);
  if (typing.count > 0) {
    return (
      <span className={styles.typing}>
        <TypingLine typing={typing} />
      </span>
    );
  }
  if (chat.is_group) {
    if (members === undefined) return null;
    const count = words.memberCount(members.length);
    return online === undefined || online < 2 ? count : `${count}, ${words.onlineCount(online)}`;
  }
  if (isSaved(chat)) return words.savedTold;
  if (presence?.online === true) return <span className={styles.online}>{words.online}</span>;
  const seenAt = presence?.last_seen_at ?? undefined;
  return seenAt === undefined ? words.personalChat : moments.seen(seenAt, now);
}
