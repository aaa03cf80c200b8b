import { createHash } from 'node:crypto';

/** What two tellings of the same message may differ in: how it came, and whether others have read it. */
const NOT_OF_THE_STATE = new Set(['type', 'is_read']);

/** The state of a message, told short, so that a device can hold many. */
export function digestOf(message: object): string {
  const state = Object.entries(message)
    .filter(([key]) => !NOT_OF_THE_STATE.has(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha1').update(JSON.stringify(state)).digest('base64url').slice(0, 16);
}
