/** Of more, they are a text like any other. */
const MOST = 3;

/** One to three emoji and nothing else; how many, else undefined. */
export function emojiOnly(text: string): number | undefined {
  // No emoji is longer than 35 UTF-16 units: what is longer need not be looked at.
  if (text.length > 40 * MOST) return undefined;
  if (!/^(?:\p{RGI_Emoji}\s*){1,3}$/v.test(text)) return undefined;
  return text.match(/\p{RGI_Emoji}/gv)?.length;
}
