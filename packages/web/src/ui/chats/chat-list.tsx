import type { ChatView } from '@beseda/client/store/views.ts';
import { memo, Suspense, useLayoutEffect, useRef, useState } from 'react';
import type { ChatRow, Preview } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { ChatMenu } from '../later.ts';
import { TypingLine } from '../conversation/typing-line.tsx';
import { useLongPress } from '../conversation/use-long-press.ts';
import { filesText } from '../files/said-of.ts';
import { go } from '../navigation.ts';
import { Avatar } from '../parts/avatar.tsx';
import { ChatMark } from '../parts/chat-mark.tsx';
import { useRem } from '../dress-page.ts';
import { Mishap } from '../parts/mishap.tsx';
import { useNow } from '../use-now.ts';
import { usePeople, usePresence, useTyping } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import type { Point } from '../parts/point.ts';
import { useWorld } from '../world.ts';
import styles from './chat-list.module.css';
import { pathOf } from '../../state/address.ts';
import { useVirtualizer } from '@tanstack/react-virtual';

/** Height of a row in rem, as its styles have it. */
const ROW = 3.875;

/** The rows; only those in view are there. */
export function ChatList({ rows, self, open }: { rows: readonly ChatRow[]; self: number; open: number | undefined }) {
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow();
  const { store } = useWorld().client;
  const [menu, setMenu] = useState<{ chat: ChatView; at: Point }>();
  const [menuWanted, setMenuWanted] = useState(false);
  const rem = useRem();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW * rem,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
  });

  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- with the text the rows grow
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rem]);

  function menuAt(target: EventTarget, at: Point): boolean {
    const id = target instanceof Element ? target.closest<HTMLElement>('[data-chat]')?.dataset['chat'] : undefined;
    const chat = id === undefined ? undefined : store.chat(Number(id));
    if (chat === undefined) return false;
    setMenuWanted(true);
    setMenu({ chat, at });
    return true;
  }

  const longPress = useLongPress((target, x, y) => menuAt(target, { x, y }));
  return (
    <div className={styles.scroller} ref={scroller}>
      {/* What is pressed on a chat is heard here, once for all of them. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- see above */}
      <ul
        className={styles.list}
        onContextMenu={(event) => {
          if (menuAt(event.target, { x: event.clientX, y: event.clientY })) event.preventDefault();
        }}
        {...longPress}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index];
          return (
            row !== undefined && (
              <li key={key} className={styles.place} style={{ transform: `translateY(${start}px)` }}>
                <Mishap of={row} instead={<BareRow row={row} />}>
                  <Row row={row} self={self} current={row.id === open} now={now} />
                </Mishap>
              </li>
            )
          );
        })}
      </ul>
      {menuWanted && (
        <Suspense>
          <ChatMenu within="nav" place={menu} onClose={() => setMenu(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

const Row = memo(function Row({
  row,
  self,
  current,
  now,
}: {
  row: ChatRow;
  self: number;
  current: boolean;
  now: Date;
}) {
  const words = useWords();
  const moments = useMoments();
  const { id, name, isGroup, seed, preview, at, unread, mentioned, muted, pinned, saved, peerId } = row;
  const typing = useTyping(id);
  const online = usePresence(peerId)?.online === true;
  return (
    <a
      className={styles.chat}
      href={pathOf({ chatId: id, messageId: undefined })}
      data-chat={id}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go({ chatId: id });
      }}
    >
      <Avatar name={name} seed={seed} group={isGroup} saved={saved} online={online} />
      <span className={styles.line}>
        <span className={styles.name}>
          <span dir="auto">{name}</span>
          {online && <span className="hidden">{words.online}</span>}
          {muted && <ChatMark icon="muted" name={words.muted} />}
        </span>
        <time className={styles.time} dateTime={at}>
          {at !== undefined && moments.short(at, now)}
        </time>
      </span>
      <span className={styles.line}>
        <span className={styles.preview}>
          {typing.count > 0 ? (
            <span className={styles.typing}>
              <TypingLine typing={typing} />
            </span>
          ) : (
            <PreviewLine preview={preview} self={self} />
          )}
        </span>
        {(pinned || unread > 0) && (
          <span className={styles.side}>
            {pinned && <ChatMark icon="pin" name={words.pinned} />}
            {mentioned && (
              <span className={styles.mention}>
                <span aria-hidden="true">@</span>
                <span className="hidden">{words.mentioned}</span>
              </span>
            )}
            {unread > 0 && (
              <span className={styles.badge} data-muted={muted}>
                <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
                <span className="hidden">{words.unread(unread)}</span>
              </span>
            )}
          </span>
        )}
      </span>
    </a>
  );
});

/** A chat of whose newest message nothing can be drawn; it can be opened all the same. */
function BareRow({ row: { id, name } }: { row: ChatRow }) {
  return (
    <a className={styles.chat} href={pathOf({ chatId: id, messageId: undefined })}>
      <span className={styles.name} dir="auto">
        {name}
      </span>
    </a>
  );
}

function PreviewLine({ preview, self }: { preview: Preview; self: number }) {
  const words = useWords();
  const people = usePeople();
  switch (preview.kind) {
    case 'draft':
      return (
        <>
          <span className={styles.draft}>{words.draft}</span> <Said text={preview.text} />
        </>
      );
    case 'message': {
      const text = preview.files === undefined ? preview.text : filesText(words, preview.files);
      if (preview.from === undefined) return <Said text={text} />;
      const person = preview.from === self ? undefined : people.person(preview.from);
      const from = preview.from === self ? words.you : person === undefined ? words.someone : nameOf(person);
      return (
        <>
          <span className={styles.from}>{from}:</span> <Said text={text} />
        </>
      );
    }
    case 'deleted':
      return <i>{words.deletedMessage}</i>;
    case 'empty':
      return words.noMessagesYet;
  }
}

/** It is cut at its own end, which is at the left where it is written from the right. */
function Said({ text }: { text: string }) {
  return (
    <span className={styles.said} dir="auto">
      {text}
    </span>
  );
}
