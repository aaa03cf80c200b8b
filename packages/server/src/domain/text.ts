import type { InputError } from '@beseda/protocol/errors.ts';
import { TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import { invalidField } from './problem.ts';

/**
 * Text as it is stored: trimmed, and of a length counted in characters (code points), as people count, not in
 * UTF-16 units.
 *
 * @throws ProblemError `invalid_input` naming `loc` when it is too short or too long.
 */
export function trimmedText(value: string, length: { min: number; max: number }, loc: InputError['loc']): string {
  const text = value.trim();
  const characters = countCharacters(text);
  if (characters >= length.min && characters <= length.max) return text;
  throw invalidField(
    loc,
    `must be ${length.min} to ${length.max} characters long after trimming, and is ${characters}`,
    'length',
  );
}

/** The text of a message: {@link trimmedText} that may be empty where there are files. */
export function messageText(value: string, files: readonly string[] | undefined, loc: InputError['loc']): string {
  const min = files === undefined || files.length === 0 ? TEXT_LENGTH.min : 0;
  return trimmedText(value, { ...TEXT_LENGTH, min }, loc);
}

/** A name on one line: {@link trimmedText} without control, format or line-breaking characters, which could disguise it. */
export function nameText(value: string, length: { min: number; max: number }, loc: InputError['loc']): string {
  const text = trimmedText(value, length, loc);
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) {
    throw invalidField(loc, 'must not hold control or invisible formatting characters', 'characters');
  }
  return text;
}

/**
 * What two names have in common that differ only in case or in equivalent characters. Made here and not in the
 * database, so that it means the same with every PostgreSQL and locale.
 */
export function foldedKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Code points, which are what people take for characters in all but composed emoji and combining marks. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
