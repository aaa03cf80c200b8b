/** Of more, they are a text like any other. */
const MOST = 3;

/**
 * What Unicode calls a possible emoji (UTS #51). The browser's own `RGI_Emoji` is a list of thousands, which takes it
 * longer to make ready than all the rest of a message.
 */
const EMOJI =
  /(?:\p{RI}{2}|[0-9#*]\uFE0F\u20E3|(?:(?!\p{RI})\p{Emoji_Presentation}|(?!\p{ASCII})\p{Emoji}(?=\uFE0F|\p{EMod}))(?:\uFE0F|\p{EMod})?(?:[\u{E0020}-\u{E007E}]+\u{E007F})?(?:\u200D(?:\p{Emoji_Presentation}|\p{Emoji}(?=\uFE0F|\p{EMod}))(?:\uFE0F|\p{EMod})?)*)\s*/uy;

/** One to three emoji and nothing else; how many, else undefined. */
export function emojiOnly(text: string): number | undefined {
  // No emoji is longer than 35 UTF-16 units: what is longer need not be looked at.
  if (text.length > 40 * MOST) return undefined;
  EMOJI.lastIndex = 0;
  for (let count = 1; count <= MOST && EMOJI.test(text); count += 1) if (EMOJI.lastIndex === text.length) return count;
  return undefined;
}
