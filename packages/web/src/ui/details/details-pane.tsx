import { Suspense, useEffect, useState } from 'react';
import { seedOf } from '../../state/chat-list.ts';
import { GroupDialog } from '../later.ts';
import { isSaved } from '../../state/saved.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useChat, useMembers, usePresence } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { useNow } from '../use-now.ts';
import { useWorld } from '../world.ts';
import { ChatSwitches } from './chat-switches.tsx';
import styles from './details-pane.module.css';
import { ExportChat } from './export-chat.tsx';
import type { GroupAsk } from './group-ask.ts';
import { Members } from './members.tsx';

export interface DetailsPaneProps {
  chatId: number;
  self: number;
  onClose: () => void;
}

/** Who is in a chat; and of a group, all that one can do about that. */
export function DetailsPane({ chatId, self, onClose }: DetailsPaneProps) {
  const words = useWords();
  const { client } = useWorld();
  const chat = useChat(chatId);
  const members = useMembers(chatId);
  const presence = usePresence(chat?.peer?.id);
  const [ask, setAsk] = useState<GroupAsk>();
  const isGroup = chat?.is_group === true;

  useEffect(() => {
    // Without them the pane shows the name alone; the next time that it is opened asks again.
    if (isGroup && members === undefined) client.loadMembers(chatId).catch(() => undefined);
  }, [client, chatId, isGroup, members]);

  if (chat === undefined) return null;
  const own = chat.creator_id === self;
  return (
    <div className={styles.details}>
      <button type="button" className={`${buttons.icon} ${styles.close}`} aria-label={words.close} onClick={onClose}>
        <Icon name="close" />
      </button>
      <div className={styles.hero}>
        <Avatar
          name={chat.name}
          seed={seedOf(chat)}
          group={chat.is_group}
          saved={isSaved(chat)}
          size="large"
          online={presence?.online === true}
        />
        <h2 dir="auto">{chat.name}</h2>
        {chat.peer !== null && <p>{chat.peer.username}</p>}
        {chat.peer !== null && <Seen at={presence?.last_seen_at ?? undefined} online={presence?.online === true} />}
        {own && (
          <button type="button" className={styles.rename} onClick={() => setAsk({ kind: 'rename' })}>
            <Icon name="edit" />
            {words.rename}
          </button>
        )}
      </div>
      <ChatSwitches chat={chat} />
      <ExportChat chat={chat} />
      {chat.is_group && members !== undefined && (
        <>
          <h3>
            {words.members} <span>{members.length}</span>
          </h3>
          <button type="button" className={styles.act} onClick={() => setAsk({ kind: 'add' })}>
            <span>
              <Icon name="group" />
            </span>
            {words.addPeople}
          </button>
          <Members chat={chat} members={members} self={self} onAsk={setAsk} />
          <div className={styles.foot}>
            {own ? (
              <p>{words.leaveFirst}</p>
            ) : (
              <button type="button" className={styles.leave} onClick={() => setAsk({ kind: 'leave' })}>
                <Icon name="signOut" />
                {words.leave}
              </button>
            )}
          </div>
        </>
      )}
      {ask !== undefined && (
        <Suspense>
          <GroupDialog ask={ask} chat={chat} self={self} onClose={() => setAsk(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

function Seen({ at, online }: { at: string | undefined; online: boolean }) {
  const words = useWords();
  const moments = useMoments();
  const now = useNow();
  if (online) return <p>{words.online}</p>;
  return at === undefined ? null : <p>{moments.seen(at, now)}</p>;
}
