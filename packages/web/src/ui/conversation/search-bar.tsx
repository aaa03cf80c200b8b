import { systemClock } from '@beseda/client/clock.ts';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { createChatSearch, type ChatSearch, type ChatSearchView } from '../../state/chat-search.ts';
import type { Words } from '../../words/en.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './search-bar.module.css';

export interface SearchBarProps {
  chatId: number;
  /** Shows a message in the conversation. */
  onShow: (messageId: number) => void;
  onClose: () => void;
}

/** Messages of one page that is searched: the most that one answer gives. */
const PAGE = 200;

/** Searches one chat: the newest hit first, then one after the other. */
export function SearchBar({ chatId, onShow, onClose }: SearchBarProps) {
  const { client } = useWorld();
  const [search] = useState(() =>
    createChatSearch({
      chatId,
      store: client.store,
      read: async (before) => client.api.messages.history(chatId, { before, limit: PAGE }),
      clock: systemClock,
      show: onShow,
    }),
  );
  useEffect(() => () => search.close(), [search]);
  return <Bar search={search} onClose={onClose} />;
}

function Bar({ search, onClose }: { search: ChatSearch; onClose: () => void }) {
  const words = useWords();
  const view = useWatched(search);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'ArrowUp' || (event.key === 'Enter' && !event.shiftKey)) search.older();
    else if (event.key === 'ArrowDown' || event.key === 'Enter') search.newer();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const toNewer = view.at > 0;
  const toOlder = view.at + 1 < view.hits.length || (view.query !== '' && view.state !== 'whole');
  return (
    // The keys of the field and its buttons are heard here.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- see above
    <search className={styles.bar} onKeyDown={onKeyDown}>
      <Icon name="search" />
      <input
        type="search"
        aria-label={words.searchChat}
        placeholder={words.searchChat}
        autoComplete="off"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was opened to be typed in
        autoFocus
        onChange={({ target }) => search.type(target.value)}
      />
      <span className={styles.count} role="status">
        {told(view, words)}
      </span>
      <button
        type="button"
        className={`${buttons.icon} ${styles.up}`}
        aria-label={words.olderHit}
        disabled={!toOlder}
        onClick={() => search.older()}
      >
        <Icon name="down" />
      </button>
      <button
        type="button"
        className={buttons.icon}
        aria-label={words.newerHit}
        disabled={!toNewer}
        onClick={() => search.newer()}
      >
        <Icon name="down" />
      </button>
      <button type="button" className={buttons.icon} aria-label={words.closeSearch} onClick={onClose}>
        <Icon name="close" />
      </button>
    </search>
  );
}

function told({ query, hits, at, state }: ChatSearchView, words: Words): string {
  if (query === '') return '';
  switch (state) {
    case 'searching':
      return words.searching;
    case 'failed':
      return words.searchFailed;
    case 'paused':
      return words.searchPaused;
    case 'idle':
      return at < 0 ? words.searching : words.hitOfMore(at + 1);
    case 'whole':
      return hits.length === 0 ? words.noHits : words.hitOf(at + 1, hits.length);
  }
}
