import { Suspense, useCallback, useState } from 'react';
import { DetailsPane, NewChat, NoticeList, SettingsDialog } from './later.ts';
import { ChatsPane } from './chats/chats-pane.tsx';
import { ConversationPane } from './conversation/conversation-pane.tsx';
import { go, usePlace } from './navigation.ts';
import { NoChat } from './no-chat.tsx';
import styles from './panes.module.css';
import { Switching } from './switcher/switching.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { useMedia } from './use-media.ts';
import { useOwnLinks } from './use-own-links.ts';
import { useWords } from './use-words.ts';

/** There is room for three panes. */
const ROOMY = '(min-width: 1100px)';

/** There is room for one: see the style sheet. */
const NARROW = '(max-width: 699.98px)';

/** The list, the conversation and its details: side by side, or one at a time where there is no room. */
export function Panes({ self }: { self: number }) {
  const { chatId, messageId, arrival } = usePlace();
  useOwnLinks();
  useKeptFocus(chatId);
  const words = useWords();
  const [finding, setFinding] = useState<boolean>();
  const [details, setDetails] = useDetails(chatId);
  const [asGroup, setAsGroup] = useState(false);
  const [settings, setSettings] = useState<boolean>();
  const [switcher, setSwitcher] = useState<boolean>();
  const narrow = useMedia(NARROW);
  const openSettings = useCallback(() => setSettings(true), []);

  function find(group: boolean): void {
    setAsGroup(group);
    setFinding(true);
  }

  return (
    <div className={styles.panes} data-open={chatId !== undefined} data-details={chatId !== undefined && details}>
      {/* Where the list is all there is, it is what the page is about. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- another element would be another list */}
      <div className={styles.list} role={narrow && chatId === undefined ? 'main' : undefined}>
        <nav aria-label={words.chats}>
          <ChatsPane
            self={self}
            open={chatId}
            onSearch={() => setSwitcher(true)}
            onNewChat={() => find(false)}
            onSettings={openSettings}
          />
        </nav>
      </div>
      <main className={styles.main}>
        {/* The one of the list is hidden with it. */}
        {narrow && chatId !== undefined && <h1 className="hidden">Beseda</h1>}
        {chatId === undefined ? (
          <NoChat onNewChat={() => find(false)} />
        ) : (
          <ConversationPane
            key={chatId}
            chatId={chatId}
            at={messageId}
            arrival={arrival}
            self={self}
            detailsShown={details}
            onDetails={() => setDetails(!details)}
          />
        )}
      </main>
      {chatId !== undefined && details && (
        <aside className={styles.details} aria-label={words.details}>
          <Suspense>
            <DetailsPane key={chatId} chatId={chatId} self={self} onClose={() => setDetails(false)} />
          </Suspense>
        </aside>
      )}
      <Suspense>
        <NoticeList />
      </Suspense>
      <Switching
        self={self}
        openChat={chatId}
        switcher={switcher}
        onSwitcher={setSwitcher}
        onNewChat={find}
        onSettings={openSettings}
      />
      {settings !== undefined && (
        <Suspense>
          <SettingsDialog open={settings} onOpenChange={setSettings} />
        </Suspense>
      )}
      {finding !== undefined && (
        <Suspense>
          <NewChat
            open={finding}
            group={asGroup}
            onOpenChange={setFinding}
            self={self}
            onChat={(id) => {
              setFinding(false);
              go({ chatId: id });
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** Whether the details are shown: from the beginning where they have a place of their own, else once asked for. */
function useDetails(chatId: number | undefined): [boolean, (shown: boolean) => void] {
  const roomy = useMedia(ROOMY);
  const [beside, setBeside] = useState(true);
  /** The chat that they cover: another one is not covered. */
  const [covered, setCovered] = useState<number>();
  const covers = covered !== undefined && covered === chatId;
  return roomy ? [beside, setBeside] : [covers, (shown) => setCovered(shown ? chatId : undefined)];
}
