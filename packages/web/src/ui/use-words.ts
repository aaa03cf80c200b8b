import { createContext, use } from 'react';
import type { Words } from '../words/en.ts';
import type { Moments } from '../words/moments.ts';

/** The words and the moments of the language that is chosen. */
export const WordsContext = createContext<{ words: Words; moments: Moments } | undefined>(undefined);

export function useWords(): Words {
  return useLanguage().words;
}

export function useMoments(): Moments {
  return useLanguage().moments;
}

function useLanguage(): { words: Words; moments: Moments } {
  const language = use(WordsContext);
  if (language === undefined) throw new Error('This view stands outside of the page.');
  return language;
}

/** An error in words: ours for its code where there are some, the server's own else. */
export function errorText(words: Words, { code, detail }: { code: string; detail: string }): string {
  return words.errors[code] ?? detail;
}
