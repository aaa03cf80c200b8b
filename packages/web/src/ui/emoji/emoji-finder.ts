import { findEmoji, toned, type Emoji } from '../../state/emoji.ts';
import type { KeptEmojiHabits } from '../../state/emoji-habits.ts';
import type { Language } from '../../words/languages.ts';
import { emojiSet } from './emoji-set.ts';

/** More are never shown beside a text. */
const MOST = 10;

/** What finds emoji for a word that is written, in the tone of the writer. */
export async function emojiFinder(
  language: Language,
  habits: KeptEmojiHabits,
): Promise<(query: string) => { emoji: Emoji; char: string }[]> {
  const all = await emojiSet(language);
  return (query) => findEmoji(all, query, MOST).map((emoji) => ({ emoji, char: toned(emoji, habits.get().tone) }));
}
