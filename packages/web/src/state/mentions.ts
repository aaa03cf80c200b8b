import { USERNAME_LENGTH } from '@beseda/protocol/limits.ts';

/** A part of a text: words, or the name of someone who was found. */
export type TextPart<T> = string | { written: string; person: T };

/** Where a name may begin. What stands before it must not be a part of a word: addresses of e-mail mention nobody. */
const AT = /(?<![\p{L}\p{N}_.@/-])@(?=\S)/gu;

/** What a name must not go on with. */
const GOES_ON = /^[\p{L}\p{N}_]/u;

/**
 * A text in parts, mentions told from words. Of several names that fit one place the longest counts: usernames may
 * hold dots, dashes and blanks.
 *
 * @param find whose username it is, without regard to case; undefined: nobody's.
 */
export function mentionParts<T>(text: string, find: (username: string) => T | undefined): TextPart<T>[] {
  const parts: TextPart<T>[] = [];
  let from = 0;
  for (const { index } of text.matchAll(AT)) {
    if (index < from) continue;
    const hit = longest(text.slice(index + 1, index + 1 + USERNAME_LENGTH.max * 2), find);
    if (hit === undefined) continue;
    if (index > from) parts.push(text.slice(from, index));
    from = index + 1 + hit.length;
    parts.push({ written: text.slice(index, from), person: hit.person });
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

function longest<T>(
  rest: string,
  find: (username: string) => T | undefined,
): { length: number; person: T } | undefined {
  const line = rest.split('\n')[0] ?? '';
  for (let length = line.length; length >= USERNAME_LENGTH.min; length -= 1) {
    if (GOES_ON.test(line.slice(length))) continue;
    const person = find(line.slice(0, length));
    if (person !== undefined) return { length, person };
  }
  return undefined;
}

/** Code, between marks of one to three ticks or to the end of the text: who is named there is not addressed. */
const CODE = /```[^]*?(?:```|$)|(`+)[^\n]*?\1/g;

/** Whether a message names someone. */
export function mentions(text: string, username: string): boolean {
  if (!text.includes('@')) return false;
  const name = username.toLowerCase();
  const found = mentionParts(text.replaceAll(CODE, ' '), (written) => written.toLowerCase() === name || undefined);
  return found.some((part) => typeof part !== 'string');
}
