import { readEmoji, type Emoji } from '../../state/emoji.ts';
import { languageTags, type Language } from '../../words/languages.ts';

/** The names of emoji, by language: of all languages that the interface has, as people search in any of theirs. */
const names: Record<Language, () => Promise<{ default: string }>> = {
  en: async () => import('virtual:emoji/names-en'),
  ru: async () => import('virtual:emoji/names-ru'),
};

const sets = new Map<Language, Promise<readonly Emoji[]>>();

/** All emoji, labelled in a language; read once. Where it fails, it is tried again when next asked for. */
export async function emojiSet(language: Language): Promise<readonly Emoji[]> {
  const known = sets.get(language);
  if (known !== undefined) return known;
  const set = read(language);
  sets.set(language, set);
  set.catch(() => sets.delete(language));
  return set;
}

async function read(language: Language): Promise<readonly Emoji[]> {
  const others = languageTags.filter((tag) => tag !== language);
  const [list, ...texts] = await Promise.all([
    import('virtual:emoji/list'),
    ...[language, ...others].map(async (tag) => names[tag]()),
  ]);
  return readEmoji(
    list.default,
    texts.map(({ default: text }) => text),
  );
}
