import { Dialog } from '@base-ui/react/dialog';
import { systemClock } from '@beseda/client/clock.ts';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { createMessageSearch, type Found } from '../../state/search.ts';
import { go } from '../navigation.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { FoundRow } from './found-row.tsx';
import { SearchAbout } from './search-about.tsx';
import styles from './search.module.css';

export interface MessageSearchProps {
  first: string;
  self: number;
  onQuery: (query: string) => void;
  onDone: () => void;
}

/** So near to the end of the list the next page is asked for, in pixels. */
const NEAR_END = 400;

/** The field, and the messages found. The keys stay in the field; the arrows choose. */
export function MessageSearchView({ first, self, onQuery, onDone }: MessageSearchProps) {
  const words = useWords();
  const { client } = useWorld();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState(first);
  const [at, setAt] = useState(0);
  const [search] = useState(() =>
    createMessageSearch({ ask: client.api.messages.search, store: client.store, clock: systemClock }),
  );
  const view = useWatched(search);
  const { found } = view;
  const current = found[Math.min(at, found.length - 1)];

  useEffect(() => {
    search.type(first);
    field.current?.select();
    return () => search.close();
  }, [search, first]);

  const currentKey = current?.key;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- what is chosen is what is scrolled to
  }, [currentKey]);

  function choose({ chatId, messageId }: Found): void {
    onQuery(typed);
    onDone();
    go({ chatId, messageId });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || found.length === 0) return;
    const present = Math.min(at, found.length - 1);
    if (event.key === 'ArrowDown') {
      setAt(Math.min(present + 1, found.length - 1));
      if (present + 1 >= found.length - 1) search.goOn();
    } else if (event.key === 'ArrowUp') setAt(Math.max(0, present - 1));
    else if (event.key === 'Enter' && current !== undefined) choose(current);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <Dialog.Title className="hidden">{words.searchAll}</Dialog.Title>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          ref={field}
          type="text"
          dir="auto"
          role="combobox"
          aria-label={words.searchAll}
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={current === undefined ? undefined : `${listId}-${current.key}`}
          placeholder={words.searchAll}
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setAt(0);
            search.type(target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <Dialog.Close className={buttons.icon} aria-label={words.close}>
          <Icon name="close" />
        </Dialog.Close>
      </div>
      <SearchAbout view={view} onAgain={() => search.goOn()} />
      <div
        className={styles.list}
        id={listId}
        ref={list}
        role="listbox"
        aria-label={words.searchAll}
        aria-busy={view.state === 'searching'}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          if (view.state === 'found' && scrollHeight - scrollTop - clientHeight < NEAR_END) search.goOn();
        }}
      >
        {found.map((one, index) => (
          // The keys are heard by the field, which holds the focus.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- see above
          <div
            key={one.key}
            id={`${listId}-${one.key}`}
            className={styles.found}
            role="option"
            tabIndex={-1}
            aria-selected={one === current}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(one)}
          >
            <FoundRow found={one} self={self} />
          </div>
        ))}
      </div>
    </>
  );
}
