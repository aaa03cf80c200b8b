import type { KeptTexts } from './kept-texts.ts';
import { settable, type Watched } from './watched.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface Preferences<L extends string> {
  theme: Theme;
  language: L;
}

export interface KeptPreferences<L extends string> extends Watched<Preferences<L>> {
  change(change: Partial<Preferences<L>>): void;
}

/**
 * How the reader wants it, kept in this browser.
 *
 * @param languages those there are; the first is taken where nothing fits.
 * @param wished the languages of the browser (BCP 47), best first.
 */
export function createPreferences<L extends string>(
  kept: KeptTexts,
  languages: readonly [L, ...L[]],
  wished: readonly string[],
): KeptPreferences<L> {
  const wishedFirst = wished
    .map((tag) => tag.split('-')[0])
    .map((tag) => languages.find((language) => language === tag))
    .find((language) => language !== undefined);
  const state = settable<Preferences<L>>({
    theme: themes.find((theme) => theme === kept.get('theme')) ?? 'system',
    language: languages.find((language) => language === kept.get('language')) ?? wishedFirst ?? languages[0],
  });
  return {
    get: state.get,
    watch: state.watch,
    change(change) {
      const next = { ...state.get(), ...change };
      kept.set('theme', next.theme === 'system' ? undefined : next.theme);
      if (change.language !== undefined) kept.set('language', change.language);
      state.set(next);
    },
  };
}
