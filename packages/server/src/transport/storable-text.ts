import type { InputError } from '@beseda/protocol/errors.ts';

/** Levels of an input that are looked through; nothing that is understood has nearly so many. */
const MAX_DEPTH = 64;

/**
 * The texts in an input that cannot be stored: NUL, which PostgreSQL's text refuses, and halves of surrogate pairs,
 * which are not Unicode. Names of fields are looked at too.
 */
export function unstorableTexts(value: unknown, loc: InputError['loc']): InputError[] {
  if (typeof value === 'string') {
    const reason = unstorable(value);
    return reason === undefined ? [] : [{ loc, msg: reason, type: 'characters' }];
  }
  if (loc.length > MAX_DEPTH) return [{ loc: loc.slice(0, 1), msg: 'is nested too deeply', type: 'depth' }];
  if (Array.isArray(value)) return value.flatMap((item, index) => unstorableTexts(item, [...loc, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    unstorable(name) === undefined
      ? unstorableTexts(item, [...loc, name])
      : [{ loc, msg: 'a field name holds characters that are not text', type: 'characters' }],
  );
}

/** Whether JSON text holds an escape that could make an unstorable character; without one there can be none. */
export function mayHoldUnstorable(json: string): boolean {
  return /\\u(?:0000|d[89a-f])/i.test(json);
}

function unstorable(value: string): string | undefined {
  if (value.includes('\0')) return 'must not hold the character NUL';
  return value.isWellFormed() ? undefined : 'must not hold half of a surrogate pair';
}
