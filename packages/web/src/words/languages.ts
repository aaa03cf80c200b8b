import type { Words } from './en.ts';

/** Each language is a file of its own, read when it is chosen. To add one, name it here. */
const languages = {
  en: async (): Promise<Words> => (await import('./en.ts')).en,
  ru: async (): Promise<Words> => (await import('./ru.ts')).ru,
};

export type Language = keyof typeof languages;

export const languageTags = ['en', 'ru'] as const satisfies readonly Language[];

/** What each language calls itself. */
export const languageNames: Record<Language, string> = { en: 'English', ru: 'Русский' };

export async function wordsOf(language: Language): Promise<Words> {
  return languages[language]();
}
