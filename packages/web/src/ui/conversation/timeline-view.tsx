import type { ChatView } from '@beseda/client/store/views.ts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Conversation, ConversationView } from '../../state/conversation-view.ts';
import { mayPin } from '../../state/pins.ts';
import { isSaved } from '../../state/saved.ts';
import { MOST_SHOWN } from '../../state/stretch.ts';
import type { Item, MessageItem } from '../../state/timeline.ts';
import { MessageMenu } from '../later.ts';
import { useWords } from '../use-words.ts';
import { Announcer } from './announcer.tsx';
import { DaySeparator, NewSeparator, StartOfChat } from './separators.tsx';
import { FoldsContext, type Folds } from './folds.ts';
import { holdingPlace } from './holding-place.ts';
import { ToNewest } from './to-newest.tsx';
import type { MessageActions } from './message-actions.ts';
import { pressed } from './message-keys.ts';
import type { MenuPlace } from './message-menu.tsx';
import { MessageRow } from './message-row.tsx';
import { alignOf, beginOffset, estimate, PADDING_START } from './row-estimates.ts';
import { Mishap } from '../parts/mishap.tsx';
import styles from './timeline-view.module.css';
import { useArrival } from './use-arrival.ts';
import { useKeptEnd } from './use-kept-end.ts';
import { useLongPress } from './use-long-press.ts';
import { useLooking } from './use-looking.ts';

export interface TimelineViewProps {
  conversation: Conversation;
  view: ConversationView;
  chat: ChatView;
  self: number;
  actions: MessageActions;
  /** Leads to another day than the one of a separator. */
  onDay: (at: string) => void;
}

/** This close to an end of what is held, in pixels, what lies beyond is read. */
const NEAR = 800;

/** So often it is put to its place as it opens: once on estimates, once on measures, once on the measures of those around. */
const PLACINGS = 3;

/** This close to the bottom, in pixels, one is at it: new messages push the old ones up. */
const AT_END = 60;

/** The sizes of rows that are kept, for each that is shown: those that were scrolled past need not be measured again. */
const SIZES_KEPT = 4;

/** The messages of a chat, where they begin: another beginning is laid out anew. */
export function TimelineView(props: TimelineViewProps) {
  return (
    <>
      <Timeline key={props.view.beginning} {...props} />
      <Announcer chatId={props.chat.id} self={props.self} />
    </>
  );
}

/** Only the messages around the screen are there, however many there are. */
function Timeline({ conversation, view, chat, self, actions, onDay }: TimelineViewProps) {
  const words = useWords();
  const { items } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuPlace>();
  const [menuWanted, setMenuWanted] = useState(false);
  const [away, setAway] = useState(false);
  /** How often it was put to where it begins: as rows are measured that place moves. */
  const [placed, setPlaced] = useState(0);
  const looking = useLooking();
  const wasAtEnd = useRef(false);
  useKeptEnd(scroller, wasAtEnd);

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(items[index]),
    // One function for one list: with another, all sizes are added up again.
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    initialOffset: () => beginOffset(view),
    anchorTo: 'end',
    followOnAppend: view.ends,
    scrollEndThreshold: AT_END,
    overscan: 8,
    paddingStart: PADDING_START,
    paddingEnd: 12,
  });

  /** Reads on where an end is near, and tells what is in view. */
  function settle(): void {
    const element = scroller.current;
    if (element === null || placed < PLACINGS) return;
    const bottom = element.scrollTop + element.clientHeight;
    const atEnd = element.scrollHeight - bottom < AT_END;
    wasAtEnd.current = view.ends && atEnd;
    conversation.readsAtEnd(view.ends && atEnd);
    const reads = view.failure === undefined && !arrival.underWay.current;
    if (reads && element.scrollTop < NEAR && !view.begins) conversation.older();
    if (reads && element.scrollHeight - bottom < NEAR && !view.ends) conversation.newer();
    setAway(!(view.ends && atEnd));
    const offset = element.scrollHeight - Math.max(virtualizer.getTotalSize(), 0);
    const seen = virtualizer.getVirtualItems().findLast(({ index, end }) => {
      const item = items[index];
      return item?.kind === 'message' && typeof item.id === 'number' && (atEnd || end + offset <= bottom + 4);
    });
    const item = seen === undefined ? undefined : items[seen.index];
    if (item?.kind === 'message' && typeof item.id === 'number') conversation.inView(item.id);
  }

  const arrival = useArrival(scroller, settle);
  const { set: setOut } = arrival;

  useEffect(() => conversation.looking(looking), [conversation, looking]);

  // Before anything is painted. Rows are measured as they come, so the place is found again until it stays.
  useLayoutEffect(() => {
    if (placed >= PLACINGS) return;
    const index = items.findIndex(({ key }) => key === view.openAt);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: alignOf(view) });
    else virtualizer.scrollToEnd();
    setOut();
    setPlaced(placed + 1);
  }, [placed, items, view, virtualizer, setOut]);

  // After each change of what is shown, too: a chat that fits the screen is never scrolled.
  useEffect(() => {
    const frame = requestAnimationFrame(settle);
    return () => cancelAnimationFrame(frame);
  });

  // What one writes is shown, wherever one was reading.
  const last = items.at(-1);
  const writtenKey = last?.kind === 'message' && typeof last.id === 'string' ? last.key : undefined;
  useLayoutEffect(() => {
    if (writtenKey !== undefined) virtualizer.scrollToEnd();
  }, [virtualizer, writtenKey]);

  useEffect(() => {
    const sizes = virtualizer.itemSizeCache;
    if (sizes.size <= SIZES_KEPT * MOST_SHOWN) return;
    const present = new Set<unknown>(items.map(({ key }) => key));
    for (const key of sizes.keys()) if (!present.has(key)) sizes.delete(key);
  }, [items, virtualizer]);

  // Within what is shown; elsewhere it begins at the message by itself.
  const { led } = view;
  const [ledFrom] = useState(led);
  useLayoutEffect(() => {
    if (led === undefined || led === ledFrom) return;
    const index = conversation.get().items.findIndex((item) => item.kind === 'message' && item.id === led.to);
    if (index < 0) return;
    setOut();
    virtualizer.scrollToIndex(index, { align: 'center' });
  }, [conversation, virtualizer, led, ledFrom, setOut]);

  const onJump = useCallback((messageId: number) => void conversation.toMessage(messageId), [conversation]);
  const onMore = useCallback((message: MessageItem, place: Element) => {
    setMenuWanted(true);
    setMenu({ message, place });
  }, []);

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

  function openMenuOf(row: Element): void {
    menuAt(row, row);
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

  const [unfolded] = useState(() => new Set<string>());
  const folds = useMemo<Folds>(
    () => ({
      isOpen: (key) => unfolded.has(key),
      toggle(key, row, change) {
        if (!unfolded.delete(key)) unfolded.add(key);
        const place = row.closest<HTMLElement>('[data-index]');
        if (scroller.current === null || place === null) change();
        else holdingPlace(scroller.current, place, virtualizer, change);
      },
    }),
    [unfolded, virtualizer],
  );

  const longPress = useLongPress((target, x, y) => menuAt(target, { x, y }));
  const isGroup = chat.is_group;
  const mayPinHere = mayPin(chat, self);
  const saved = isSaved(chat);
  return (
    <div className={styles.frame}>
      {/* What is pressed on a message is heard here, once for all of them. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- see above */}
      <div
        ref={scroller}
        className={styles.scroller}
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
          const keys = { items, actions, saved, mayPin: mayPinHere, focus: focusItem, openMenu: openMenuOf, leave };
          if (pressed(event.key, event.target, shown, keys)) event.preventDefault();
        }}
        {...longPress}
      >
        <div className={styles.fill}>
          <FoldsContext value={folds}>
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
                      <Mishap
                        of={item}
                        instead={item.kind === 'message' && <p className={styles.mishap}>{words.notShown}</p>}
                      >
                        <ItemView
                          item={item}
                          isGroup={isGroup}
                          self={self}
                          chatId={chat.id}
                          lit={item.kind === 'message' && item.id === led?.to ? led.times : undefined}
                          menuOpen={item.kind === 'message' && menu?.message.key === item.key}
                          actions={actions}
                          onMore={onMore}
                          onJump={onJump}
                          onDay={onDay}
                        />
                      </Mishap>
                    </div>
                  )
                );
              })}
            </div>
          </FoldsContext>
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
          <MessageMenu
            place={menu}
            self={self}
            mayPin={mayPinHere}
            saved={saved}
            actions={actions}
            onClose={() => setMenu(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}

interface ItemViewProps {
  item: Item;
  isGroup: boolean;
  self: number;
  chatId: number;
  lit: number | undefined;
  menuOpen: boolean;
  actions: MessageActions;
  onMore: (message: MessageItem, button: Element) => void;
  onJump: (messageId: number) => void;
  onDay: (at: string) => void;
}

function ItemView({ item, onDay, ...rest }: ItemViewProps) {
  switch (item.kind) {
    case 'start':
      return <StartOfChat />;
    case 'day':
      return <DaySeparator at={item.at} onDay={onDay} />;
    case 'new':
      return <NewSeparator />;
    case 'message':
      return <MessageRow message={item} {...rest} />;
  }
}
