/** Stands for what is hidden in a text, where it cannot be shown by a press. */
const HIDDEN_MARK = '▒▒▒';

/**
 * A message's text without its spoilers (`||…||`), for where one line stands for it. Which marks belong together only
 * the tree of the text tells (code and links come first), so all from the first that may begin a spoiler to the last
 * that may end one is left out: rather too much than a word too many.
 *
 * @param instead what stands for it.
 */
export function withoutHidden(text: string, instead: string = HIDDEN_MARK): string {
  const start = text.search(/\|\|(?=\S)/);
  if (start < 0) return text;
  let end = text.lastIndexOf('||');
  while (end > start + 2 && /\s/.test(text[end - 1] ?? '')) end = text.lastIndexOf('||', end - 1);
  return end <= start + 2 ? text : `${text.slice(0, start)}${instead}${text.slice(end + 2)}`;
}
