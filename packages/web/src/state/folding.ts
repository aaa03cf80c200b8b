/** Lines of a long message that are shown until one asks for the rest. */
export const FOLDED_LINES = 24;

/** Fewer are not worth folding for: the button would take the room of one. */
export const FOLDED_LEAST = 4;

/** Characters of a line on the narrowest screen. */
const NARROW = 22;

/** Whether a text may take more lines than {@link FOLDED_LINES} anywhere: only then is it worth being measured. */
export function mayBeLong(text: string): boolean {
  if (text.length > FOLDED_LINES * NARROW) return true;
  let lines = 0;
  for (const line of text.split('\n')) lines += Math.max(1, Math.ceil(line.length / NARROW));
  return lines > FOLDED_LINES;
}
