import { textSizes, themes } from '../../state/preferences.ts';
import { languageNames, languageTags } from '../../words/languages.ts';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Choices } from './choices.tsx';
import { Section } from './section.tsx';
import styles from './settings.module.css';

/** How the page looks. */
export function AppearanceSettings() {
  const words = useWords();
  const { preferences } = useWorld();
  const { theme, language, textSize } = useWatched(preferences);
  return (
    <Section title={words.appearance}>
      <Choices
        name={words.theme}
        value={theme}
        choices={themes.map((value) => ({ value, shown: words.themes[value] }))}
        onChange={(value) => preferences.change({ theme: value })}
      />
      <Choices
        name={words.language}
        value={language}
        choices={languageTags.map((value) => ({ value, shown: languageNames[value], lang: value }))}
        onChange={(value) => preferences.change({ language: value })}
      />
      <Choices
        name={words.textSize}
        value={textSize}
        choices={textSizes.map((value) => ({
          value,
          shown: (
            <span className={styles.letter} data-size={value}>
              {words.letter}
            </span>
          ),
          name: words.textSizes[value],
        }))}
        onChange={(value) => preferences.change({ textSize: value })}
      />
    </Section>
  );
}
