import { Suspense, useState } from 'react';
import { chatRows, filters, type Filter } from '../../state/chat-list.ts';
import { ConnectionStrip } from './connection-strip.tsx';
import { MAC } from '../mac.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { Attention, UserMenu } from '../later.ts';
import { useMedia } from '../use-media.ts';
import { useInbox, useSynced, useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { ChatList } from './chat-list.tsx';
import styles from './chats-pane.module.css';
import { ListSkeleton } from './list-skeleton.tsx';
import { UpdateOffer } from './update-offer.tsx';

/** There is room for a conversation beside the list. */
const BESIDE = '(min-width: 700px)';

export interface ChatsPaneProps {
  self: number;
  /** The chat that is shown beside the list. */
  open: number | undefined;
  onSearch: () => void;
  onNewChat: () => void;
  onSettings: () => void;
}

/** All chats, by the latest activity. */
export function ChatsPane({ self, open, onSearch, onNewChat, onSettings }: ChatsPaneProps) {
  const words = useWords();
  const { drafts, deletions, mentionMarks } = useWorld();
  const synced = useSynced();
  const inbox = useInbox();
  const written = useWatched({ get: drafts.all, watch: drafts.watch });
  const leaving = useWatched(deletions);
  const mentioned = useWatched(mentionMarks);
  const [filter, setFilter] = useState<Filter>('all');
  const rows = chatRows(inbox, { filter, self, drafts: written, leaving, mentioned, open });
  const beside = useMedia(BESIDE);
  // Then the room beside tells of it.
  const bare = inbox.length === 0 && synced && beside && open === undefined;
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
      <button
        type="button"
        className={styles.find}
        aria-haspopup="dialog"
        aria-keyshortcuts={MAC ? 'Meta+K' : 'Control+K'}
        onClick={onSearch}
      >
        <Icon name="search" />
        {words.search}
        <kbd aria-hidden="true">{MAC ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {(inbox.length > 0 || !synced) && (
        <div className={styles.filters} role="group" aria-label={words.chats}>
          {filters.map((name) => (
            <button key={name} type="button" aria-pressed={name === filter} onClick={() => setFilter(name)}>
              {words.filters[name]}
            </button>
          ))}
        </div>
      )}
      <ConnectionStrip />
      <UpdateOffer />
      <Suspense>
        <Attention open={open} />
      </Suspense>
      {rows.length > 0 ? (
        <ChatList rows={rows} self={self} open={open} />
      ) : inbox.length === 0 && !synced ? (
        <ListSkeleton />
      ) : bare ? null : (
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
