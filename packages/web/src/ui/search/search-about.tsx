import type { SearchView } from '../../state/search.ts';
import type { Words } from '../../words/en.ts';
import buttons from '../parts/button.module.css';
import { useWords } from '../use-words.ts';
import styles from './search.module.css';

/** What there is to say of a search: how much was found, that it goes on or failed, and which filters there are. */
export function SearchAbout({ view, onAgain }: { view: SearchView; onAgain: () => void }) {
  const words = useWords();
  return (
    <div className={styles.told}>
      <p role="status">{told(view, words)}</p>
      {view.state === 'failed' && (
        <button type="button" className={buttons.quiet} onClick={onAgain}>
          {words.retry}
        </button>
      )}
      {(view.state === 'idle' || view.state === 'refused') && (
        <ul className={styles.filters}>
          {Object.entries(words.searchFilters).map(([filter, meaning]) => (
            <li key={filter}>
              <code>{filter}</code> {meaning}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function told({ query, found, state, way, refused, more }: SearchView, words: Words): string {
  switch (state) {
    case 'idle':
      return words.searchHint;
    case 'searching':
      return words.searching;
    case 'failed':
      return words.searchBroken;
    case 'refused':
      return words.searchRefused(refused);
    case 'found':
      if (found.length === 0) return words.searchNothing(query);
      if (way === 'parts') return words.searchParts;
      return way === 'typos' ? words.searchTypos : words.searchCount(found.length, more);
  }
}
