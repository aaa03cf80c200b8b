import { useEffect, useMemo } from 'react';
import { createOwnVisibility } from '../../state/own-visibility.ts';
import { useWatched } from '../use-watched.ts';
import { errorText, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Section } from './section.tsx';
import styles from './settings.module.css';
import { Switch } from './switch.tsx';
import { useAttempt } from './use-attempt.ts';

/** What others learn of one. */
export function PrivacySettings() {
  const words = useWords();
  const { account } = useWorld().client.api;
  const visibility = useMemo(() => createOwnVisibility(account), [account]);
  const visible = useWatched(visibility);
  const { problem, attempt } = useAttempt();

  useEffect(() => void visibility.load(), [visibility]);

  return (
    <Section title={words.privacy}>
      <Switch
        name={words.showOnline}
        note={words.showOnlineTold}
        on={visible ?? false}
        disabled={visible === undefined}
        onChange={(on) => void attempt(async () => visibility.show(on))}
      />
      <p className={styles.problem} role="alert">
        {problem !== undefined && errorText(words, problem)}
      </p>
    </Section>
  );
}
