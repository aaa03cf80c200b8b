import type { ChatRecord } from './chat-record.ts';

/** How many messages are held. What is let go of is read again when it is wanted. */
export interface HoldLimits {
  /** Of every chat, the newest: at least 1. */
  recent: number;
  /** Of a chat in which more is read: those nearest to what was read or shown last, its recent ones besides. */
  read: number;
  /** Chats in which more is held than their recent messages: those read last. Those that are shown are not counted. */
  chats: number;
}

/** More of each chat than a screen shows, or a snapshot for the next start keeps; about 10 MB where 1,000 chats are busy. */
export const HOLD_LIMITS: HoldLimits = { recent: 60, read: 1000, chats: 8 };

/** Messages from one id to another, both included. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
}

/** Messages next to each other that were held once, and how new the newest of them was. */
export interface LetGo extends Stretch {
  readonly version: number;
}

/** As many stretches that were let go of are told apart; of more, the oldest are taken together. */
const TOLD_APART = 8;

/** So much more than the limit is held before anything is let go of, so that it is not done at each message. */
const SLACK = 1.25;

/**
 * Lets go of the messages that are furthest away from where one reads, until the limit is kept. What is left has gaps
 * at most where the recent messages, a stretch that is shown and what was read meet.
 *
 * @param near where one reads; undefined: at the end.
 * @param shown stretches that stay whatever the limit is.
 * @returns the ids that are not held any more.
 */
export function letGo(
  record: ChatRecord,
  limits: { recent: number; held: number },
  near: Stretch | undefined,
  shown: readonly Stretch[],
): number[] {
  const { ids } = record;
  if (ids.length <= limits.held * SLACK) return [];
  const isShown = (id: number): boolean => shown.some(({ low, high }) => low <= id && id <= high);
  const middle = ids.slice(0, Math.max(0, ids.length - limits.recent)).filter((id) => !isShown(id));
  const from = near?.low ?? Infinity;
  const to = near?.high ?? Infinity;
  let first = 0;
  let last = middle.length - 1;
  for (let surplus = ids.length - limits.held; surplus > 0 && first <= last; surplus -= 1) {
    const below = from - (middle[first] ?? 0);
    const above = (middle[last] ?? 0) - to;
    if (below >= above) first += 1;
    else last -= 1;
  }
  const gone = [...middle.slice(0, first), ...middle.slice(last + 1)];
  note(record, middle.slice(0, first));
  note(record, middle.slice(last + 1));
  for (const id of gone) record.messages.delete(id);
  if (gone.length > 0) record.ids = ids.filter((id) => record.messages.has(id));
  return gone;
}

/**
 * Whether a message that is not held may have been held in a newer state than this one: it was let go of after the
 * page that tells of it was asked for.
 *
 * @param askedAt the version up to which every change was held when the page was asked for.
 */
export function mayBeOutdated(record: ChatRecord, message: { id: number; version: number }, askedAt: number): boolean {
  return record.letGo.some(
    ({ low, high, version }) =>
      version > askedAt && message.version < version && low <= message.id && message.id <= high,
  );
}

function note(record: ChatRecord, ids: readonly number[]): void {
  const [low, high] = [ids[0], ids.at(-1)];
  if (low === undefined || high === undefined) return;
  const version = ids.reduce((newest, id) => Math.max(newest, record.messages.get(id)?.version ?? 0), 0);
  record.letGo.push({ low, high, version });
  if (record.letGo.length <= TOLD_APART) return;
  const [one, other] = record.letGo.splice(0, 2);
  if (one === undefined || other === undefined) return;
  record.letGo.unshift({
    low: Math.min(one.low, other.low),
    high: Math.max(one.high, other.high),
    version: Math.max(one.version, other.version),
  });
}
