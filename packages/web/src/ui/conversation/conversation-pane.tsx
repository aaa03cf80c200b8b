import type { ChatView } from '@beseda/client/store/views.ts';
import { Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { pathOf } from '../../state/address.ts';
import { seedOf } from '../../state/chat-list.ts';
import { openConversation, type Conversation } from '../../state/conversation.ts';
import { withoutLeaving } from '../../state/deletions.ts';
import { firstOfDay } from '../../state/first-of-day.ts';
import type { MessageItem } from '../../state/timeline.ts';
import { dayOf } from '../../words/moments.ts';
import { DateDialog, ReadersDialog, SearchBar } from '../later.ts';
import { copyText } from '../clipboard.ts';
import { backToList } from '../navigation.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { ChatMark } from '../parts/chat-mark.tsx';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { useChat, useMembers, useOnlineCount, usePresence, useTyping, useWatched } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { useNow } from '../use-now.ts';
import { useWorld } from '../world.ts';
import { ChatMenuButton } from './chat-menu-button.tsx';
import { Composer } from './composer.tsx';
import styles from './conversation-pane.module.css';
import { ConversationSkeleton } from './conversation-skeleton.tsx';
import { TypingLine } from './typing-line.tsx';
import { useSearchKey } from './use-search-key.ts';
import { TimelineView } from './timeline-view.tsx';
import type { MessageActions } from './message-actions.ts';
import { MentionScope } from './mention-scope.tsx';
import { ReactionPicker, reactingTo, type Reacting } from './reaction-picker.tsx';

export interface ConversationPaneProps {
  chatId: number;
  /** The message to begin at. */
  at: number | undefined;
  /** Counts how often one was led somewhere: to this message again, too. */
  arrival: number;
  self: number;
  detailsShown: boolean;
  onDetails: () => void;
}

/** What is being written: something new, an answer, or another text for a message. */
export type Writing = { kind: 'new' } | { kind: 'reply'; to: MessageItem } | { kind: 'edit'; message: MessageItem };

/** One chat: its head, its messages, and the place to write. */
export function ConversationPane({ chatId, at, arrival, self, detailsShown, onDetails }: ConversationPaneProps) {
  const { client } = useWorld();
  const [first] = useState({ at, arrival });
  const [conversation, setConversation] = useState<Conversation>();
  const [searching, setSearching] = useState(false);
  useSearchKey(() => setSearching(true));

  // Before anything is painted: what is held is there in the first frame.
  useLayoutEffect(() => {
    const opened = openConversation(client, chatId, first.at, dayOf);
    // It is opened and closed with the view, which opening by itself would not see to.
    // oxlint-disable-next-line react/set-state-in-effect -- see above
    setConversation(opened);
    return () => opened.close();
  }, [client, chatId, first]);

  useEffect(() => {
    if (arrival === first.arrival || conversation === undefined) return;
    void (at === undefined ? conversation.toNewest() : conversation.toMessage(at));
  }, [conversation, at, arrival, first]);

  const stopSearching = useCallback(() => {
    setSearching(false);
    document.querySelector<HTMLElement>('main textarea')?.focus();
  }, []);

  return (
    <div className={styles.pane}>
      <Head
        chatId={chatId}
        self={self}
        detailsShown={detailsShown}
        onDetails={onDetails}
        onSearch={() => setSearching(true)}
      />
      {searching && conversation !== undefined && (
        <Suspense>
          <SearchBar
            chatId={chatId}
            onShow={(messageId) => void conversation.toMessage(messageId)}
            onClose={stopSearching}
          />
        </Suspense>
      )}
      {conversation !== undefined && <Messages conversation={conversation} chatId={chatId} self={self} />}
    </div>
  );
}

interface HeadProps extends Omit<ConversationPaneProps, 'at' | 'arrival'> {
  onSearch: () => void;
}

function Head({ chatId, self, detailsShown, onDetails, onSearch }: HeadProps) {
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
          <Avatar name={chat.name} seed={seedOf(chat)} group={chat.is_group} size="small" />
          <div className={styles.who}>
            <div className={styles.name}>
              <h2 dir="auto">{chat.name}</h2>
              {chat.muted && <ChatMark icon="muted" name={words.muted} />}
            </div>
            <p>{line === 'quiet' ? <About chat={chat} self={self} /> : words.connecting}</p>
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
  if (presence?.online === true) return <span className={styles.online}>{words.online}</span>;
  const seenAt = presence?.last_seen_at ?? undefined;
  return seenAt === undefined ? words.personalChat : moments.seen(seenAt, now);
}

function Messages({ conversation, chatId, self }: { conversation: Conversation; chatId: number; self: number }) {
  const words = useWords();
  const stored = useWatched(conversation);
  const leaving = useWatched(useWorld().deletions);
  const chat = useChat(chatId);
  const [writing, setWriting] = useState<Writing>({ kind: 'new' });
  const [readersOf, setReadersOf] = useState<number>();
  /** The day from which one wants to go to another one. */
  const [fromDay, setFromDay] = useState<string>();
  const { client, notices } = useWorld();
  const now = useNow();
  /** Undefined until it is first wanted; then it stays, so that it closes as it should. */
  const [reacting, setReacting] = useState<Reacting>();
  const view = useMemo(
    () => ({ ...stored, items: withoutLeaving(stored.items, chatId, leaving) }),
    [stored, chatId, leaving],
  );

  const actions = useActions(chatId, setWriting, setReadersOf, setReacting);
  const editLast = (): void => {
    const last = view.items.findLast((item) => item.kind === 'message' && item.mine && !item.deleted);
    if (last?.kind === 'message') setWriting({ kind: 'edit', message: last });
  };

  async function toDay(date: string): Promise<void> {
    await notices.attempt('jump', async () => {
      const messageId = await firstOfDay(client, chatId, date);
      if (messageId === undefined) await conversation.toNewest();
      else await conversation.toMessage(messageId);
    });
  }

  if (view.state === 'loading') return <ConversationSkeleton />;
  if (view.state === 'missing' || chat === undefined) {
    return (
      <Notice
        icon="chats"
        action={
          <button type="button" className={buttons.quiet} onClick={backToList}>
            {words.toChats}
          </button>
        }
      >
        {words.missingChat}
      </Notice>
    );
  }
  if (view.state === 'failed') {
    return (
      <Notice
        icon="retry"
        action={
          <button type="button" className={buttons.quiet} onClick={conversation.retry}>
            {words.retry}
          </button>
        }
      >
        {words.loadFailed}
      </Notice>
    );
  }
  return (
    <>
      <MentionScope chatId={chatId} self={self}>
        <TimelineView
          conversation={conversation}
          view={view}
          chat={chat}
          self={self}
          actions={actions}
          onDay={setFromDay}
        />
      </MentionScope>
      <Composer
        key={writing.kind === 'edit' ? `edit ${writing.message.key}` : 'write'}
        chat={chat}
        self={self}
        writing={writing}
        onDone={() => setWriting({ kind: 'new' })}
        onSent={() => void conversation.toNewest()}
        onEditLast={editLast}
      />
      {fromDay !== undefined && (
        <Suspense>
          <DateDialog
            date={dayOf(fromDay)}
            span={{ first: dayOf(chat.created_at), last: dayOf(now.toISOString()) }}
            onDate={(date) => void toDay(date)}
            onClose={() => setFromDay(undefined)}
          />
        </Suspense>
      )}
      {reacting !== undefined && (
        <ReactionPicker
          reacting={reacting}
          self={self}
          actions={actions}
          onClose={() => setReacting({ ...reacting, place: undefined })}
        />
      )}
      {readersOf !== undefined && (
        <Suspense>
          <ReadersDialog chatId={chatId} messageId={readersOf} onClose={() => setReadersOf(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function useActions(
  chatId: number,
  write: (writing: Writing) => void,
  showReaders: (messageId: number) => void,
  pick: (reacting: Reacting) => void,
): MessageActions {
  const { client, notices, deletions } = useWorld();
  const copy = async (text: string): Promise<boolean> => {
    try {
      await copyText(text);
      return true;
    } catch {
      notices.tell({ kind: 'failed', deed: 'copy', problem: { code: 'copy', detail: '' }, again: undefined });
      return false;
    }
  };
  const copyLink = async (messageId: number): Promise<void> => {
    if (await copy(location.origin + pathOf({ chatId, messageId }))) notices.tell({ kind: 'link copied' });
  };
  const [actions] = useState<MessageActions>(() => ({
    reply: (message) => write({ kind: 'reply', to: message }),
    edit: (message) => write({ kind: 'edit', message }),
    delete: (message) => deletions.delete(chatId, message),
    readers(message) {
      if (typeof message.id === 'number') showReaders(message.id);
    },
    copy: (message) => void copy(message.text),
    copyLink({ id }) {
      if (typeof id === 'number') void copyLink(id);
    },
    retry(message) {
      if (typeof message.id === 'string') void client.retry(message.id);
    },
    pickReaction: (message, place) => pick(reactingTo(message, place)),
    react(message, emoji, on) {
      void notices.attempt('react', async () => client.react(chatId, message.id, emoji, on));
    },
  }));
  return actions;
}
