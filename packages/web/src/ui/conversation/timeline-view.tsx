import type { ChatView } from '@beseda/client/store/views.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Conversation, ConversationView } from '../../state/conversation.ts';
import type { Item, MessageItem } from '../../state/timeline.ts';
import { MessageMenu } from '../later.ts';
import { useWords } from '../use-words.ts';
import { Announcer } from './announcer.tsx';
import { DaySeparator, NewSeparator, StartOfChat } from './separators.tsx';
import { ToNewest } from './to-newest.tsx';
import type { MessageActions } from './message-actions.ts';
import { pressed } from './message-keys.ts';
import type { MenuPlace } from './message-menu.tsx';
import { MessageRow } from './message-row.tsx';
import styles from './timeline-view.module.css';
import { useLongPress } from './use-long-press.ts';
import { useLooking } from './use-looking.ts';

export interface TimelineViewProps {
  conversation: Conversation;
  view: ConversationView;
  chat: ChatView;
  self: number;
  actions: MessageActions;
}

/** This close to an end of what is held, in pixels, what lies beyond is read. */
const NEAR = 800;

/** This close to the bottom, in pixels, one is at it: new messages push the old ones up. */
const AT_END = 60;

/** The messages of a chat. Only those around the screen are there, however many there are. */
export function TimelineView({ conversation, view, chat, self, actions }: TimelineViewProps) {
  const words = useWords();
  const { items } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuPlace>();
  const [menuWanted, setMenuWanted] = useState(false);
  const [lit, setLit] = useState<number>();
  const [away, setAway] = useState(false);
  /** It is where it is to begin; before, it is not shown. */
  const [placed, setPlaced] = useState(false);
  const looking = useLooking();

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(items[index]),
    getItemKey: (index) => items[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: view.ends,
    scrollEndThreshold: AT_END,
    overscan: 8,
    paddingStart: 16,
    paddingEnd: 12,
  });

  /** Reads on where an end is near, and tells what is in view. */
  function settle(): void {
    const element = scroller.current;
    if (element === null || !placed) return;
    const bottom = element.scrollTop + element.clientHeight;
    if (element.scrollTop < NEAR && !view.begins && view.failure === undefined) conversation.older();
    if (element.scrollHeight - bottom < NEAR && !view.ends && view.failure === undefined) conversation.newer();
    const atEnd = view.ends && element.scrollHeight - bottom < AT_END;
    setAway(!atEnd);
    const offset = element.scrollHeight - Math.max(virtualizer.getTotalSize(), 0);
    const seen = virtualizer.getVirtualItems().findLast(({ index, end }) => {
      const item = items[index];
      return item?.kind === 'message' && typeof item.id === 'number' && (atEnd || end + offset <= bottom + 4);
    });
    const item = seen === undefined ? undefined : items[seen.index];
    if (item?.kind === 'message' && typeof item.id === 'number') conversation.inView(item.id);
  }

  useEffect(() => conversation.looking(looking), [conversation, looking]);

  useLayoutEffect(() => {
    if (placed) return undefined;
    // A frame later: until then the virtualiser takes itself to be at the top, and goes back there as rows are measured.
    const frame = requestAnimationFrame(() => {
      const index = items.findIndex(({ key }) => key === view.openAt);
      if (index >= 0) virtualizer.scrollToIndex(index, { align: view.openAt === 'new' ? 'start' : 'center' });
      else virtualizer.scrollToEnd();
      setPlaced(true);
    });
    return () => cancelAnimationFrame(frame);
  }, [placed, items, view.openAt, virtualizer]);

  // After each change of what is shown, too: a chat that fits the screen is never scrolled.
  useEffect(() => {
    const frame = requestAnimationFrame(settle);
    return () => cancelAnimationFrame(frame);
  });

  function show(messageId: number): void {
    const index = conversation.get().items.findIndex((item) => item.kind === 'message' && item.id === messageId);
    if (index < 0) return;
    virtualizer.scrollToIndex(index, { align: 'center' });
    setLit(messageId);
  }

  async function jumpTo(messageId: number): Promise<void> {
    // The rows of another stretch are laid out first.
    if (await conversation.toMessage(messageId)) requestAnimationFrame(() => show(messageId));
  }

  function openMenu(place: MenuPlace): void {
    setMenuWanted(true);
    setMenu(place);
  }

  function menuAt(target: EventTarget | null, place: { x: number; y: number } | Element): boolean {
    const key = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined;
    const item = items.find((candidate) => candidate.key === key);
    if (item?.kind !== 'message' || item.deleted) return false;
    openMenu({ message: item, place });
    return true;
  }

  function focusItem(index: number): void {
    virtualizer.scrollToIndex(index, { align: 'auto' });
    const key = items[index]?.key;
    // Beyond the edge of the screen there is a row only once it has been scrolled to.
    requestAnimationFrame(() => {
      const rows = scroller.current?.querySelectorAll<HTMLElement>('article') ?? [];
      [...rows].find((row) => row.dataset['key'] === key)?.focus({ preventScroll: true });
    });
  }

  function leave(): void {
    scroller.current?.closest('main')?.querySelector('textarea')?.focus();
  }

  const longPress = useLongPress((target, x, y) => menuAt(target, { x, y }));
  const isGroup = chat.is_group;
  return (
    <div className={styles.frame}>
      {/* What is pressed on a message is heard here, once for all of them. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- see above */}
      <div
        ref={scroller}
        className={styles.scroller}
        data-placed={placed}
        role="region"
        aria-label={words.messages}
        // It scrolls, so the keyboard must reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
        tabIndex={0}
        onScroll={settle}
        onContextMenu={(event) => {
          // Links, and text that is selected, keep the menu of the browser.
          const own = event.target instanceof Element && event.target.closest('a') !== null;
          if (own || (getSelection()?.toString() ?? '') !== '') return;
          if (menuAt(event.target, { x: event.clientX, y: event.clientY })) event.preventDefault();
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const shown = virtualizer.range?.endIndex ?? items.length - 1;
          const keys = { items, actions, focus: focusItem, openMenu: (row: Element) => menuAt(row, row), leave };
          if (pressed(event.key, event.target, shown, keys)) event.preventDefault();
        }}
        {...longPress}
      >
        <div className={styles.fill}>
          <div className={styles.canvas} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ key, index, start }) => {
              const item = items[index];
              return (
                item !== undefined && (
                  <div
                    key={key}
                    ref={virtualizer.measureElement}
                    data-index={index}
                    className={styles.place}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <ItemView
                      item={item}
                      isGroup={isGroup}
                      self={self}
                      chatId={chat.id}
                      lit={item.kind === 'message' && item.id === lit}
                      menuOpen={item.kind === 'message' && menu?.message.key === item.key}
                      actions={actions}
                      onMore={(message, button) => openMenu({ message, place: button })}
                      onJump={(messageId) => void jumpTo(messageId)}
                    />
                  </div>
                )
              );
            })}
          </div>
        </div>
      </div>
      {view.failure !== undefined && (
        <button type="button" className={styles.failed} onClick={conversation.retry}>
          {words.loadFailed} <u>{words.retry}</u>
        </button>
      )}
      <ToNewest
        shown={away}
        unread={chat.unread_count}
        onClick={() => {
          void conversation.toNewest().then(() => requestAnimationFrame(() => virtualizer.scrollToEnd()));
        }}
      />
      {menuWanted && (
        <Suspense>
          <MessageMenu place={menu} self={self} actions={actions} onClose={() => setMenu(undefined)} />
        </Suspense>
      )}
      <Announcer chatId={chat.id} self={self} />
    </div>
  );
}

interface ItemViewProps {
  item: Item;
  isGroup: boolean;
  self: number;
  chatId: number;
  lit: boolean;
  menuOpen: boolean;
  actions: MessageActions;
  onMore: (message: MessageItem, button: Element) => void;
  onJump: (messageId: number) => void;
}

function ItemView({ item, ...rest }: ItemViewProps) {
  switch (item.kind) {
    case 'start':
      return <StartOfChat />;
    case 'day':
      return <DaySeparator at={item.at} />;
    case 'new':
      return <NewSeparator />;
    case 'message':
      return <MessageRow message={item} {...rest} />;
  }
}

/** How high an item is likely to be, in pixels, until it is measured. */
function estimate(item: Item | undefined): number {
  if (item?.kind !== 'message') return 44;
  const lines = item.text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 8) / 60), 0);
  return (
    17 + lines * 22 + (item.first ? 10 : 2) + (item.replyTo === null ? 0 : 52) + (item.reactions.length > 0 ? 32 : 0)
  );
}
