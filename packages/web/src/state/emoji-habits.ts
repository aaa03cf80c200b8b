import type { KeptTexts } from './kept-texts.ts';
import { tones, type Tone } from './skin-tones.ts';
import { settable, type Watched } from './watched.ts';

/** Which emoji one takes. */
export interface EmojiHabits {
  /** Those taken lately, the latest first, in the tone in which they were taken. */
  recent: readonly string[];
  tone: Tone;
}

export interface KeptEmojiHabits extends Watched<EmojiHabits> {
  took(emoji: string): void;
  chooseTone: (tone: Tone) => void;
}

/** Three rows of them. */
const RECENT = 24;

/** They outlast the page, in this browser. */
export function createEmojiHabits(kept: KeptTexts): KeptEmojiHabits {
  const tone = Number(kept.get('emoji tone'));
  const habits = settable<EmojiHabits>({
    recent: (kept.get('emoji recent') ?? '').split(' ').filter((emoji) => emoji !== ''),
    tone: tones.find((one) => one === tone) ?? 0,
  });
  return {
    get: habits.get,
    watch: habits.watch,
    took(emoji) {
      const recent = [emoji, ...habits.get().recent.filter((one) => one !== emoji)].slice(0, RECENT);
      kept.set('emoji recent', recent.join(' '));
      habits.set({ ...habits.get(), recent });
    },
    chooseTone(chosen) {
      kept.set('emoji tone', chosen === 0 ? undefined : `${chosen}`);
      habits.set({ ...habits.get(), tone: chosen });
    },
  };
}
