import { systemClock } from '@beseda/client/clock.ts';
import { Suspense, useCallback, useEffect, useLayoutEffect, useState } from 'react';
import type { Conversation } from '../../state/conversation-view.ts';
import { openConversation } from '../../state/conversation.ts';
import { dayOf } from '../../words/moments.ts';
import { Pins, SearchBar } from '../later.ts';
import { useWorld } from '../world.ts';
import { ConversationHead } from './conversation-head.tsx';
import { ConversationMessages } from './conversation-messages.tsx';
import styles from './conversation-pane.module.css';
import { useSearchKey } from './use-search-key.ts';

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

const WAITING = { clock: systemClock, random: Math.random };

/** One chat: its head, its messages, and the place to write. */
export function ConversationPane({ chatId, at, arrival, self, detailsShown, onDetails }: ConversationPaneProps) {
  const { client } = useWorld();
  const [first] = useState({ at, arrival });
  const [conversation, setConversation] = useState<Conversation>();
  const [searching, setSearching] = useState(false);
  useSearchKey(() => setSearching(true));

  // Before anything is painted: what is held is there in the first frame.
  useLayoutEffect(() => {
    const opened = openConversation(client, chatId, first.at, dayOf, WAITING);
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
      <ConversationHead
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
      {conversation !== undefined && (
        <Suspense>
          <Pins chatId={chatId} self={self} onShow={(messageId) => void conversation.toMessage(messageId)} />
        </Suspense>
      )}
      {conversation !== undefined && <ConversationMessages conversation={conversation} chatId={chatId} self={self} />}
    </div>
  );
}
