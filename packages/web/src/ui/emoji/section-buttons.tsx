import { useWords } from '../use-words.ts';
import type { EmojiSection } from './emoji-grid.tsx';
import styles from './emoji-picker.module.css';

/** Strokes on a field of 24 by 24. */
const paths: Record<Exclude<EmojiSection, 'found'>, string> = {
  recent: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M12 7.500V12l3 2',
  smileys: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M9.300 9.800h.01M14.700 9.800h.01M8.700 14a4 4 0 0 0 6.600 0',
  people: 'M12 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M5 20a7 7 0 0 1 14 0',
  nature: 'M5 19c0-9 5-14 14-14 0 9-4 13-10 13-1.500 0-3-.5-4-1.500M5 19c2-4 5-7 9-9',
  food: 'M5 9h11v5a5 5 0 0 1-5 5h-1a5 5 0 0 1-5-5zM16 10h1.500a2.500 2.500 0 0 1 0 5H16M8 3.500V6M12 3.500V6',
  travel: 'M12 20.500s-6-5.500-6-10.200a6 6 0 0 1 12 0c0 4.700-6 10.200-6 10.200M12 12.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  activities:
    'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M4.300 10c4 0 7 1 9.500 3.500S17 18.500 16.500 18.700M8 5.200c3 3 7 4.500 11.700 4.300',
  objects: 'M9 17.500c0-2-3-3.500-3-7a6 6 0 0 1 12 0c0 3.500-3 5-3 7zM10 20.500h4',
  symbols: 'M12 19.500C7 16 4 13 4 9.500A4.200 4.200 0 0 1 12 7.500a4.200 4.200 0 0 1 8 2c0 3.500-3 6.500-8 10',
  flags: 'M6 20.500v-16c4-2 8 2 12 0v9c-4 2-8-2-12 0',
};

export interface SectionButtonsProps {
  sections: readonly Exclude<EmojiSection, 'found'>[];
  current: EmojiSection | undefined;
  onChoose: (section: EmojiSection) => void;
}

/** Each leads to where a section begins. */
export function SectionButtons({ sections, current, onChoose }: SectionButtonsProps) {
  const words = useWords();
  return (
    <div className={styles.sections} role="group" aria-label={words.emojiGroups}>
      {sections.map((section) => (
        <button
          key={section}
          type="button"
          title={words.emojiSections[section]}
          aria-label={words.emojiSections[section]}
          aria-current={section === current}
          onClick={() => onChoose(section)}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={paths[section]} />
          </svg>
        </button>
      ))}
    </div>
  );
}
