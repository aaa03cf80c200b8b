import { useLayoutEffect } from 'react';
import type { Theme } from '../state/preferences.ts';

const DARK = matchMedia('(prefers-color-scheme: dark)');

/** Dresses the page in a theme; that of the system as long as nothing else is chosen. */
export function useTheme(theme: Theme): void {
  useLayoutEffect(() => {
    const dress = (): void => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (DARK.matches ? 'dark' : 'light') : theme;
    };
    dress();
    DARK.addEventListener('change', dress);
    return () => DARK.removeEventListener('change', dress);
  }, [theme]);
}
