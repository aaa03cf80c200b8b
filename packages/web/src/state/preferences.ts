import type { KeptTexts } from './kept-texts.ts';
import { settable, type Watched } from './watched.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const textSizes = ['small', 'normal', 'large', 'largest'] as const;
export type TextSize = (typeof textSizes)[number];

/** By what the text is larger than the browser is set to. */
export const textScale: Record<TextSize, number> = { small: 0.9375, normal: 1, large: 1.125, largest: 1.25 };

/** What the Enter key does in a message; Ctrl with Enter sends always, Shift with Enter breaks the line always. */
export const enterMeanings = ['send', 'break'] as const;
export type EnterMeaning = (typeof enterMeanings)[number];

/** Whether the reader wants notifications here; `later`: they were offered, and may be offered in the settings alone. */
const notificationWishes = ['undecided', 'on', 'later'] as const;
export type NotificationWish = (typeof notificationWishes)[number];

const switches = ['off', 'on'] as const;

export interface Preferences<L extends string> {
  theme: Theme;
  language: L;
  textSize: TextSize;
  enter: EnterMeaning;
  /** New messages sound. */
  sound: boolean;
  notifications: NotificationWish;
}

export interface KeptPreferences<L extends string> extends Watched<Preferences<L>> {
  change(change: Partial<Preferences<L>>): void;
  /** Reads them again: another tab may have changed them. */
  reread(): void;
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

  function choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
    return choices.find((value) => value === kept.get(name)) ?? otherwise;
  }

  function read(): Preferences<L> {
    return {
      theme: choice('theme', themes, 'system'),
      language: choice('language', languages, wishedFirst ?? languages[0]),
      textSize: choice('text size', textSizes, 'normal'),
      enter: choice('enter', enterMeanings, 'send'),
      sound: choice('sound', switches, 'off') === 'on',
      notifications: choice('notifications', notificationWishes, 'undecided'),
    };
  }

  const state = settable<Preferences<L>>(read());
  return {
    get: state.get,
    watch: state.watch,
    change(change) {
      const next = { ...state.get(), ...change };
      // What is as it is without a choice is not kept, but for the language: the browser's wishes may change.
      const keep = (name: string, value: string, otherwise: string): void =>
        kept.set(name, value === otherwise ? undefined : value);
      keep('theme', next.theme, 'system');
      keep('text size', next.textSize, 'normal');
      keep('enter', next.enter, 'send');
      keep('sound', next.sound ? 'on' : 'off', 'off');
      keep('notifications', next.notifications, 'undecided');
      if (change.language !== undefined) kept.set('language', change.language);
      state.set(next);
    },
    reread: () => state.set(read()),
  };
}
