import { enterMeanings } from '../../state/preferences.ts';
import { MAC } from '../mac.ts';
import { useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Choices } from './choices.tsx';
import { Section } from './section.tsx';

/** What the keys do in a message. */
export function WritingSettings() {
  const words = useWords();
  const { preferences } = useWorld();
  const { enter } = useWatched(preferences);
  return (
    <Section title={words.writing}>
      <Choices
        name={words.enterKey}
        note={enter === 'send' ? words.shiftEnterBreaks : words.controlEnterSends(MAC ? '⌘' : 'Ctrl')}
        value={enter}
        choices={enterMeanings.map((value) => ({ value, shown: words.enterMeanings[value] }))}
        onChange={(value) => preferences.change({ enter: value })}
      />
    </Section>
  );
}
