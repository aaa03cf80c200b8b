import { Suspense, useState } from 'react';
import { chatRows, filters, type Filter } from '../../state/chat-list.ts';
import { ConnectionStrip } from './connection-strip.tsx';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { Attention, UserMenu } from '../later.ts';
import { useInbox, useSynced, useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { ChatList } from './chat-list.tsx';
import styles from './chats-pane.module.css';
import { ListSkeleton } from './list-skeleton.tsx';
import { UpdateOffer } from './update-offer.tsx';

export interface ChatsPaneProps {
  self: number;
  /** The chat that is shown beside the list. */
  open: number | undefined;
  onNewChat: () => void;
  onSettings: () => void;
}

/** All chats, by the latest activity. */
export function ChatsPane({ self, open, onNewChat, onSettings }: ChatsPaneProps) {
  const words = useWords();
  const { drafts, deletions, mentionMarks } = useWorld();
  const synced = useSynced();
  const inbox = useInbox();
  const written = useWatched({ get: drafts.all, watch: drafts.watch });
  const leaving = useWatched(deletions);
  const mentioned = useWatched(mentionMarks);
  const [filter, setFilter] = useState<Filter>('all');
  const rows = chatRows(inbox, { filter, self, drafts: written, leaving, mentioned, open });
  const empty = { all: words.noChats, unread: words.noUnread, people: words.noPeople, groups: words.noGroups };

  return (
    <div className={styles.pane}>
      <header className={styles.top}>
        <h1>Beseda</h1>
        <button type="button" className={buttons.icon} aria-label={words.newChat} onClick={onNewChat}>
          <Icon name="compose" />
        </button>
        <Suspense fallback={<span className={styles.menu} />}>
          <UserMenu self={self} onSettings={onSettings} />
        </Suspense>
      </header>
      <button type="button" className={styles.find} onClick={onNewChat}>
        <Icon name="search" />
        {words.findPeople}
      </button>
      <div className={styles.filters} role="group" aria-label={words.chats}>
        {filters.map((name) => (
          <button key={name} type="button" aria-pressed={name === filter} onClick={() => setFilter(name)}>
            {words.filters[name]}
          </button>
        ))}
      </div>
      <ConnectionStrip />
      <UpdateOffer />
      <Suspense>
        <Attention open={open} />
      </Suspense>
      {rows.length > 0 ? (
        <ChatList rows={rows} self={self} open={open} />
      ) : inbox.length === 0 && !synced ? (
        <ListSkeleton />
      ) : (
        <Notice
          icon="chats"
          action={
            filter !== 'unread' && (
              <button type="button" className={buttons.primary} onClick={onNewChat}>
                {words.newChat}
              </button>
            )
          }
        >
          {empty[filter]}
        </Notice>
      )}
    </div>
  );
}
