import { Suspense, useCallback, useEffect, useState } from 'react';
import { seedOf } from '../../state/chat-list.ts';
import { openConversation, type Conversation } from '../../state/conversation.ts';
import type { MessageItem } from '../../state/timeline.ts';
import { dayOf } from '../../words/moments.ts';
import { DeleteDialog } from '../later.ts';
import { backToList } from '../navigation.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { useChat, useMembers, useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Composer } from './composer.tsx';
import styles from './conversation-pane.module.css';
import { ConversationSkeleton } from './conversation-skeleton.tsx';
import { TimelineView } from './timeline-view.tsx';
import type { MessageActions } from './message-actions.ts';

export interface ConversationPaneProps {
  chatId: number;
  /** The message to begin at. */
  at: number | undefined;
  self: number;
  detailsShown: boolean;
  onDetails: () => void;
}

/** What is being written: something new, an answer, or another text for a message. */
export type Writing = { kind: 'new' } | { kind: 'reply'; to: MessageItem } | { kind: 'edit'; message: MessageItem };

/** One chat: its head, its messages, and the place to write. */
export function ConversationPane({ chatId, at, self, detailsShown, onDetails }: ConversationPaneProps) {
  const { client } = useWorld();
  const [conversation, setConversation] = useState<Conversation>();

  useEffect(() => {
    const opened = openConversation(client, chatId, at, dayOf);
    // It is opened and closed with the view, which opening by itself would not see to.
    // oxlint-disable-next-line react/set-state-in-effect -- see above
    setConversation(opened);
    return () => opened.close();
  }, [client, chatId, at]);

  return (
    <div className={styles.pane}>
      <Head chatId={chatId} detailsShown={detailsShown} onDetails={onDetails} />
      {conversation !== undefined && <Messages conversation={conversation} chatId={chatId} self={self} />}
    </div>
  );
}

function Head({
  chatId,
  detailsShown,
  onDetails,
}: Pick<ConversationPaneProps, 'chatId' | 'detailsShown' | 'onDetails'>) {
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

  const about = isGroup ? (members === undefined ? '' : words.memberCount(members.length)) : words.personalChat;
  return (
    <header className={styles.head}>
      <button type="button" className={`${buttons.icon} ${styles.back}`} aria-label={words.back} onClick={backToList}>
        <Icon name="back" />
      </button>
      {chat !== undefined && (
        <>
          <Avatar name={chat.name} seed={seedOf(chat)} group={chat.is_group} size="small" />
          <div className={styles.who}>
            <h2>{chat.name}</h2>
            <p>{line === 'quiet' ? about : words.connecting}</p>
          </div>
          <button
            type="button"
            className={`${buttons.icon} ${styles.details}`}
            aria-label={words.details}
            aria-pressed={detailsShown}
            onClick={onDetails}
          >
            <Icon name="panel" />
          </button>
        </>
      )}
    </header>
  );
}

function Messages({ conversation, chatId, self }: { conversation: Conversation; chatId: number; self: number }) {
  const words = useWords();
  const { client } = useWorld();
  const view = useWatched(conversation);
  const chat = useChat(chatId);
  const [writing, setWriting] = useState<Writing>({ kind: 'new' });
  const [deleting, setDeleting] = useState<MessageItem>();

  const actions = useActions(chatId, setWriting, setDeleting);
  const editLast = useCallback(() => {
    const last = conversation.get().items.findLast((item) => item.kind === 'message' && item.mine && !item.deleted);
    if (last?.kind === 'message') setWriting({ kind: 'edit', message: last });
  }, [conversation]);

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
      <TimelineView conversation={conversation} view={view} chat={chat} self={self} actions={actions} />
      <Composer
        key={writing.kind === 'edit' ? `edit ${writing.message.key}` : 'write'}
        chat={chat}
        self={self}
        writing={writing}
        onDone={() => setWriting({ kind: 'new' })}
        onSent={() => void conversation.toNewest()}
        onEditLast={editLast}
      />
      {deleting !== undefined && (
        <Suspense>
          <DeleteDialog
            open
            onClose={() => setDeleting(undefined)}
            onDelete={() => {
              // Refused or not reached, the message stays where it is, which tells as much.
              client.delete(chatId, deleting.id).catch(() => undefined);
              setDeleting(undefined);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function useActions(
  chatId: number,
  write: (writing: Writing) => void,
  askToDelete: (message: MessageItem) => void,
): MessageActions {
  const { client } = useWorld();
  const [actions] = useState<MessageActions>(() => ({
    reply: (message) => write({ kind: 'reply', to: message }),
    edit: (message) => write({ kind: 'edit', message }),
    delete: askToDelete,
    copy: (message) => void navigator.clipboard.writeText(message.text),
    retry(message) {
      if (typeof message.id === 'string') void client.retry(message.id);
    },
    react(message, emoji, on) {
      // Where it is refused, the message simply stays as it was.
      client.react(chatId, message.id, emoji, on).catch(() => undefined);
    },
  }));
  return actions;
}
