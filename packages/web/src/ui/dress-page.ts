import { textScale, type Preferences } from '../state/preferences.ts';
import type { Watched } from '../state/watched.ts';
import { useWatched } from './use-watched.ts';
import { useWorld } from './world.ts';

const DARK = matchMedia('(prefers-color-scheme: dark)');

/** Dresses the page in the theme and the text size that are chosen, now and after each change. */
export function dressPage(preferences: Watched<Pick<Preferences<string>, 'theme' | 'textSize'>>): void {
  const root = document.documentElement;
  const dress = (): void => {
    const { theme, textSize } = preferences.get();
    root.dataset['theme'] = theme === 'system' ? (DARK.matches ? 'dark' : 'light') : theme;
    root.style.fontSize = `${textScale[textSize] * 100}%`;
    // What the browser draws around the page is of its colour. The page names one for each theme of the system.
    const colour = getComputedStyle(root).getPropertyValue('--panel').trim();
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.setAttribute('content', colour);
  };
  dress();
  preferences.watch(dress);
  DARK.addEventListener('change', dress);
}

/** How many pixels a rem is; the view is rendered anew when the text size changes. */
export function useRem(): number {
  useWatched(useWorld().preferences);
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
