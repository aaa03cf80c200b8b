import { memo, useEffect, useRef, useState } from 'react';
import type { ChatRow, Preview } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { go } from '../navigation.ts';
import { Avatar } from '../parts/avatar.tsx';
import { usePeople } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import styles from './chat-list.module.css';
import { pathOf } from '../../state/address.ts';
import { useVirtualizer } from '@tanstack/react-virtual';

/** Height of a row in pixels, as its styles have it. */
const ROW = 62;

/** The rows; only those in view are there. */
export function ChatList({ rows, self, open }: { rows: readonly ChatRow[]; self: number; open: number | undefined }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [now, setNow] = useState(() => new Date());
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
  });

  // What was sent today was sent yesterday tomorrow.
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);

  return (
    <div className={styles.scroller} ref={scroller}>
      <ul className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index];
          return (
            row !== undefined && (
              <li key={key} className={styles.place} style={{ transform: `translateY(${start}px)` }}>
                <Row row={row} self={self} current={row.id === open} now={now} />
              </li>
            )
          );
        })}
      </ul>
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
  const { id, name, isGroup, seed, preview, at, unread } = row;
  return (
    <a
      className={styles.chat}
      href={pathOf({ chatId: id, messageId: undefined })}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go({ chatId: id });
      }}
    >
      <Avatar name={name} seed={seed} group={isGroup} />
      <span className={styles.name}>{name}</span>
      <time className={styles.time} dateTime={at}>
        {at !== undefined && moments.short(at, now)}
      </time>
      <span className={styles.preview}>
        <PreviewLine preview={preview} self={self} />
      </span>
      {unread > 0 && (
        <span className={styles.badge}>
          <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
          <span className="hidden">{words.unread(unread)}</span>
        </span>
      )}
    </a>
  );
});

function PreviewLine({ preview, self }: { preview: Preview; self: number }) {
  const words = useWords();
  const people = usePeople();
  switch (preview.kind) {
    case 'draft':
      return (
        <>
          <span className={styles.draft}>{words.draft}</span> {preview.text}
        </>
      );
    case 'message': {
      if (preview.from === undefined) return preview.text;
      const person = preview.from === self ? undefined : people.person(preview.from);
      const from = preview.from === self ? words.you : person === undefined ? words.someone : nameOf(person);
      return (
        <>
          <span className={styles.from}>{from}:</span> {preview.text}
        </>
      );
    }
    case 'deleted':
      return <i>{words.deletedMessage}</i>;
    case 'empty':
      return words.noMessagesYet;
  }
}
