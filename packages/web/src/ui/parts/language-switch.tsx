import { languageNames, languageTags } from '../../words/languages.ts';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './language-switch.module.css';

/** The languages there are, each by its own name. */
export function LanguageSwitch() {
  const words = useWords();
  const { preferences } = useWorld();
  const { language } = useWatched(preferences);
  return (
    <div className={styles.languages} role="group" aria-label={words.language}>
      {languageTags.map((tag) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          aria-pressed={tag === language}
          onClick={() => preferences.change({ language: tag })}
        >
          {languageNames[tag]}
        </button>
      ))}
    </div>
  );
}
