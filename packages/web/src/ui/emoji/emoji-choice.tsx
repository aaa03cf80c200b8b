import { useEffect, useId, useMemo, useState, type KeyboardEvent, type RefObject } from 'react';
import { emojiByChar, emojiGroups, findEmoji, toned, type Emoji } from '../../state/emoji.ts';
import { firstCell, gridRows, gridStep, type GridPlace } from '../../state/emoji-grid.ts';
import type { Tone } from '../../state/skin-tones.ts';
import { Icon } from '../parts/icon.tsx';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { EmojiGrid, type ChosenBy, type EmojiCell, type EmojiSection } from './emoji-grid.tsx';
import styles from './emoji-picker.module.css';
import { emojiSet } from './emoji-set.ts';
import { SectionButtons } from './section-buttons.tsx';
import { ToneChoice } from './tone-choice.tsx';

/** Found by a word: more than anyone looks through. */
const FOUND = 200;

/** The width of a cell, and what stands beside the cells, in pixels, as the styles have them. */
const CELL = 40;
const BESIDE = 40;

export interface EmojiChoiceProps {
  field: RefObject<HTMLInputElement | null>;
  onPick: (emoji: string, more: boolean) => void;
}

/** The cell that Enter takes. */
interface Chosen {
  place: GridPlace;
  by: ChosenBy;
}

/** A field to search, and a grid. The keys stay in the field; the arrows go through the grid. */
export function EmojiChoice({ field, onPick }: EmojiChoiceProps) {
  const words = useWords();
  const { preferences, habits } = useWorld();
  const { language } = useWatched(preferences);
  const { tone } = useWatched(habits);
  const gridId = useId();
  const [all, setAll] = useState<readonly Emoji[]>();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<Chosen>();
  const [section, setSection] = useState<EmojiSection>();
  // Those taken meanwhile come first the next time: nothing moves under the pointer.
  const [recent] = useState(habits.get().recent);
  const [columns] = useState(() => Math.max(6, Math.min(9, Math.floor((innerWidth - BESIDE) / CELL))));

  useEffect(() => {
    let current = true;
    emojiSet(language).then(
      (set) => current && setAll(set),
      // Without a network, and with nothing kept, there is nothing to choose from.
      () => current && setAll([]),
    );
    return () => {
      current = false;
    };
  }, [language]);

  const rows = useMemo(
    () => gridRows<EmojiSection, EmojiCell>(sectionsOf(all ?? [], recent, query, tone), columns),
    [all, recent, query, tone, columns],
  );
  const place = useMemo(() => chosen?.place ?? firstCell(rows), [chosen, rows]);
  const row = place === undefined ? undefined : rows[place.row];
  const cell = row?.kind === 'cells' ? row.cells[place?.column ?? 0] : undefined;
  const [top] = rows;

  function pick({ char }: EmojiCell, more: boolean): void {
    habits.took(char);
    onPick(char, more);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || place === undefined) return;
    const next = gridStep(rows, place, event.key);
    if (next !== undefined) setChosen({ place: next, by: 'key' });
    else if (event.key === 'Enter' && cell !== undefined) pick(cell, event.shiftKey);
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles.choice} style={{ '--columns': columns }}>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={words.emojiSearch}
          aria-expanded="true"
          aria-haspopup="grid"
          aria-autocomplete="list"
          aria-controls={gridId}
          aria-activedescendant={cell === undefined ? undefined : `${gridId}-${place?.row}-${place?.column}`}
          placeholder={words.emojiSearch}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={({ target }) => {
            setQuery(target.value);
            setChosen(undefined);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <SectionButtons
        sections={['recent' as const, ...emojiGroups].filter((name) => name !== 'recent' || recent.length > 0)}
        current={query === '' ? (section ?? top?.section) : undefined}
        onChoose={(name) => {
          setQuery('');
          setSection(name);
          const first = firstCell(gridRows(sectionsOf(all ?? [], recent, '', tone), columns), name);
          setChosen(first && { place: first, by: 'section' });
        }}
      />
      {all === undefined ? (
        <div className={styles.grid} />
      ) : (
        <EmojiGrid
          key={query}
          id={gridId}
          rows={rows}
          place={place}
          by={chosen?.by ?? 'key'}
          onPoint={(pointed) => setChosen({ place: pointed, by: 'pointer' })}
          onPick={pick}
          onSection={setSection}
        />
      )}
      <p className={styles.nothing} role="status">
        {all !== undefined && rows.length === 0 && words.emojiNothing}
      </p>
      <ToneChoice cell={cell} tone={tone} onTone={habits.chooseTone} />
    </div>
  );
}

function sectionsOf(all: readonly Emoji[], recent: readonly string[], query: string, tone: Tone) {
  const inTone = (emoji: Emoji): EmojiCell => ({ char: toned(emoji, tone), label: emoji.label, short: emoji.short });
  if (query.trim() !== '') {
    return [{ section: 'found' as const, cells: findEmoji(all, query, FOUND).map(inTone) }];
  }
  const byChar = emojiByChar(all);
  return [
    {
      section: 'recent' as const,
      cells: recent.flatMap((char) => {
        const emoji = byChar(char);
        return emoji === undefined ? [] : [{ char, label: emoji.label, short: emoji.short }];
      }),
    },
    ...emojiGroups.map((section, group) => ({
      section,
      cells: all.filter((emoji) => emoji.group === group).map(inTone),
    })),
  ];
}
