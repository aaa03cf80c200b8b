import { expect, test } from 'vitest';
import { createEmojiHabits } from './emoji-habits.ts';
import { memoryTexts } from './kept-texts.ts';

test('emoji taken lately come first, each once, and outlast the page', () => {
  const kept = memoryTexts();
  const habits = createEmojiHabits(kept);
  for (const emoji of ['👍', '🎉', '👍🏽', '👍']) habits.took(emoji);
  expect(createEmojiHabits(kept).get().recent).toEqual(['👍', '👍🏽', '🎉']);
});

test('so many are remembered as fill three rows', () => {
  const habits = createEmojiHabits(memoryTexts());
  for (let index = 0; index < 40; index += 1) habits.took(`${index}`);
  expect(habits.get().recent).toHaveLength(24);
  expect(habits.get().recent[0]).toBe('39');
});

test('the tone is remembered, and what is no tone is none', () => {
  const kept = memoryTexts();
  createEmojiHabits(kept).chooseTone(3);
  expect(createEmojiHabits(kept).get().tone).toBe(3);
  createEmojiHabits(kept).chooseTone(0);
  expect(kept.names()).toEqual([]);
  kept.set('emoji tone', '9');
  expect(createEmojiHabits(kept).get().tone).toBe(0);
});
