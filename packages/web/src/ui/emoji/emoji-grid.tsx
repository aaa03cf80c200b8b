import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { EmojiGroup } from '../../state/emoji.ts';
import type { GridPlace, GridRow } from '../../state/emoji-grid.ts';
import { useWords } from '../use-words.ts';
import styles from './emoji-picker.module.css';

export type EmojiSection = EmojiGroup | 'recent' | 'found';

/** An emoji as it is taken, in its tone. */
export interface EmojiCell {
  char: string;
  label: string;
  short: string;
}

/** How a cell has come to be the one that Enter takes; it tells what of the grid is to be seen. */
export type ChosenBy = 'key' | 'pointer' | 'section';

export interface EmojiGridProps {
  id: string;
  rows: readonly GridRow<EmojiSection, EmojiCell>[];
  /** The cell that Enter takes. */
  place: GridPlace | undefined;
  by: ChosenBy;
  onPoint: (place: GridPlace) => void;
  onPick: (cell: EmojiCell, more: boolean) => void;
  /** The section at the top of what is shown has changed. */
  onSection: (section: EmojiSection) => void;
}

/** Heights in pixels, as the styles have them. */
const HEADING = 32;
const CELLS = 40;

/** The grid; only the rows in view are there. */
export function EmojiGrid({ id, rows, place, by, onPoint, onPick, onSection }: EmojiGridProps) {
  const words = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'heading' ? HEADING : CELLS),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 4,
  });

  useEffect(() => {
    // What the pointer is at is in view.
    if (place === undefined || by === 'pointer') return;
    // The heading of a section comes into view with its first line.
    const row = rows[place.row - 1]?.kind === 'heading' ? place.row - 1 : place.row;
    virtualizer.scrollToIndex(row, { align: by === 'section' ? 'start' : 'auto' });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react-hooks/exhaustive-deps -- what is chosen is what is scrolled to
  }, [place, by, virtualizer]);

  function settle(): void {
    const top = scroller.current?.scrollTop ?? 0;
    // By where it is, not by what is drawn: that follows later, and no scroll may come after it.
    const first = virtualizer.getVirtualItemForOffset(top + HEADING);
    const section = first === undefined ? undefined : rows[first.index]?.section;
    if (section !== undefined) onSection(section);
  }

  return (
    <div
      ref={scroller}
      id={id}
      className={styles.grid}
      role="grid"
      aria-label={words.emoji}
      aria-rowcount={rows.length}
      tabIndex={-1}
      onScroll={settle}
    >
      <div className={styles.canvas} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const shown = rows[index];
          if (shown === undefined) return null;
          return (
            <div
              key={key}
              className={styles.row}
              role="row"
              aria-rowindex={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              {shown.kind === 'heading' ? (
                <span className={styles.heading} role="rowheader">
                  {words.emojiSections[shown.section]}
                </span>
              ) : (
                shown.cells.map((cell, column) => (
                  // The keys are heard by the field, which holds the focus.
                  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- see above
                  <span
                    key={cell.char}
                    id={`${id}-${index}-${column}`}
                    className={styles.cell}
                    role="gridcell"
                    tabIndex={-1}
                    aria-label={cell.label}
                    aria-selected={place?.row === index && place.column === column}
                    onPointerMove={({ pointerType }) => {
                      if (pointerType === 'touch' || (place?.row === index && place.column === column)) return;
                      onPoint({ row: index, column });
                    }}
                    onClick={({ shiftKey }) => onPick(cell, shiftKey)}
                  >
                    {cell.char}
                  </span>
                ))
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
