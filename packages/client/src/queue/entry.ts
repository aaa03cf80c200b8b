import { ApiError } from '../api-error.ts';
import type { Outgoing } from './outgoing.ts';

/** How often a message is sent again that the server says it failed at by a fault of its own. */
const INTERNAL_TRIES = 5;

/** A message on its way, with what only this run of the program knows of it. */
export interface Entry {
  item: Outgoing;
  /** It is in the storage. */
  kept: boolean;
  /** It may have reached the server. */
  attempted: boolean;
  /** It has come back as a message of the chat. */
  seen: boolean;
  tries: number;
}

/** Whether something is still to follow a message that is stored. */
export function hasMore({ item }: Entry): boolean {
  return item.dropped || item.edited !== null || item.reactions.length > 0;
}

/** Whether the server may have it as it was sent. A failure inside the server does not tell whether it was stored. */
export function mayHaveLeft({ attempted, item }: Entry): boolean {
  return attempted && (item.failure === null || item.failure.code === 'internal');
}

/** The message as it is to be shown: with its latest text. */
export function shown({ item }: Entry): Outgoing {
  return item.edited === null ? item : { ...item, text: item.edited };
}

/** Why sending it again would be in vain; undefined where it would not. */
export function refusal(entry: Entry, error: unknown): NonNullable<Outgoing['failure']> | undefined {
  if (!(error instanceof ApiError)) return { code: 'unexpected', detail: String(error) };
  if (mayPass(error) && !(error.code === 'internal' && entry.tries >= INTERNAL_TRIES)) return undefined;
  return { code: error.code, detail: error.message };
}

/** Whether the same may succeed later: also once somebody has signed in again, as that says nothing of the message. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.retry || error.code === 'not_authenticated' || error.code === 'signed_out';
}
