import { Suspense, useMemo, useState } from 'react';
import type { Conversation } from '../../state/conversation-view.ts';
import { withoutLeaving } from '../../state/deletions.ts';
import { firstOfDay } from '../../state/first-of-day.ts';
import { mayEdit } from '../../state/timeline.ts';
import { dayOf } from '../../words/moments.ts';
import { DateDialog, ForwardDialog, ReadersDialog } from '../later.ts';
import { backToList } from '../navigation.ts';
import buttons from '../parts/button.module.css';
import { Notice } from '../parts/notice.tsx';
import { useNow } from '../use-now.ts';
import { useChat, useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Composer } from './composer.tsx';
import { ConversationSkeleton } from './conversation-skeleton.tsx';
import { MentionScope } from './mention-scope.tsx';
import { ReactionPicker, type Reacting } from './reaction-picker.tsx';
import { TimelineView } from './timeline-view.tsx';
import { useMessageActions } from './use-message-actions.ts';
import type { Writing } from './writing.ts';

export interface ConversationMessagesProps {
  conversation: Conversation;
  chatId: number;
  self: number;
}

/** What was written, the place to write, and the dialogs about a message or a day. */
export function ConversationMessages({ conversation, chatId, self }: ConversationMessagesProps) {
  const words = useWords();
  const stored = useWatched(conversation);
  const leaving = useWatched(useWorld().deletions);
  const chat = useChat(chatId);
  const [writing, setWriting] = useState<Writing>({ kind: 'new' });
  const [readersOf, setReadersOf] = useState<number>();
  /** The message that is to be forwarded. */
  const [forwarding, setForwarding] = useState<number>();
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

  const actions = useMessageActions(chatId, setWriting, setReadersOf, setReacting, setForwarding);
  const editLast = (): void => {
    const last = view.items.findLast((item) => item.kind === 'message' && mayEdit(item));
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
          <button type="button" ref={takeLostFocus} className={buttons.quiet} onClick={backToList}>
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
      {forwarding !== undefined && (
        <Suspense>
          <ForwardDialog chatId={chatId} messageId={forwarding} onClose={() => setForwarding(undefined)} />
        </Suspense>
      )}
      {readersOf !== undefined && (
        <Suspense>
          <ReadersDialog chatId={chatId} messageId={readersOf} onClose={() => setReadersOf(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** The field may have had the focus, as where one is removed from a group that one writes in. */
function takeLostFocus(button: HTMLElement | null): void {
  if (document.activeElement === document.body) button?.focus();
}
