import { DirectionProvider } from '@base-ui/react/direction-provider';
import { Suspense, useEffect, useMemo, useState } from 'react';
import type { Words } from '../words/en.ts';
import { wordsOf } from '../words/languages.ts';
import { momentsIn } from '../words/moments.ts';
import { afterPaint } from './after-paint.ts';
import { Panes } from './panes.tsx';
import { SignInPage } from './later.ts';
import { useWatched } from './use-watched.ts';
import { WordsContext } from './use-words.ts';
import { useWorld } from './world.ts';

/** The page: the sign-in, or the chats of whoever is signed in. */
export function App({ firstWords }: { firstWords: Words }) {
  const { account, preferences, drawn } = useWorld();
  const state = useWatched(account);
  const { language } = useWatched(preferences);
  const [words, setWords] = useState(firstWords);

  useEffect(() => {
    let current = true;
    const choose = async (): Promise<void> => {
      const chosen = await wordsOf(language);
      if (current) setWords(chosen);
    };
    void choose();
    return () => {
      current = false;
    };
  }, [language]);

  useEffect(() => {
    document.documentElement.lang = words.locale;
    document.documentElement.dir = words.direction;
  }, [words]);

  useEffect(() => void afterPaint().then(drawn), [drawn]);

  const inLanguage = useMemo(() => ({ words, moments: momentsIn(words.locale, words) }), [words]);
  return (
    <WordsContext value={inLanguage}>
      <DirectionProvider direction={words.direction}>
        {state.name === 'signed out' && (
          <Suspense>
            <SignInPage ended={state.ended} />
          </Suspense>
        )}
        {state.name === 'signed in' && <Panes key={state.userId} self={state.userId} />}
      </DirectionProvider>
    </WordsContext>
  );
}
