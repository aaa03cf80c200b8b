import { MARKS_TOLD } from '@beseda/protocol/limits.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import type { ChatEvent } from './events.ts';
import { furthestMarks, isAmongFurthest, type Holder } from './furthest-marks.ts';
import { chatNotFound } from './membership.ts';
import { messageNotFound } from './message-rows.ts';
import type { ProblemError } from './problem.ts';
import { foldActs, type Folded, type MarkAct, type Marks } from './reading-acts.ts';
import { recordSteps, STEP_MS } from './reading-steps.ts';

/** What became of one act: it is done, or the reason against it. */
export type Marked = { problem: ProblemError | undefined };

/**
 * Does what members do about what they have read and how they set their chats, of any chats and members, and answers
 * for each. No chat is locked: however many mark at once, only acts of the same member wait for each other. What was
 * committed as a message stays one, so that a mark never passes the last one; membership is looked at again by the
 * statement that writes. What changes nothing writes nothing and tells nobody. At most four statements, whatever the
 * number of acts.
 */
export async function writeMarks(
  tx: Db,
  acts: readonly MarkAct[],
  now: Date,
): Promise<{ result: Marked[]; events: ChatEvent[] }> {
  const places = await placesOf(tx, acts);
  const problems = new Map<MarkAct, ProblemError>();
  const changes: Change[] = [];
  for (const [key, ofMember] of Map.groupBy(acts, keyOf)) {
    const place = places.get(key);
    const valid: MarkAct[] = [];
    for (const act of ofMember) {
      if (place === undefined) problems.set(act, chatNotFound(act.chatId));
      else if (messageOf(act) > place.lastMessageId) problems.set(act, messageNotFound(act.chatId, messageOf(act)));
      else valid.push(act);
    }
    if (place === undefined || valid.length === 0) continue;
    const folded = foldActs(place, valid);
    if (changed(place, folded.marks)) changes.push({ place, folded, acts: valid });
  }
  const events = await store(tx, changes, problems, now);
  return { result: acts.map((act) => ({ problem: problems.get(act) })), events };
}

/** A member's place in a chat. */
interface Place extends Marks {
  chatId: number;
  userId: number;
  lastMessageId: number;
  memberCount: number;
  /** The chat's. */
  version: number;
}

interface Change {
  place: Place;
  folded: Folded;
  acts: MarkAct[];
}

/** The inner query is for one member at a time, so that the planner can do nothing but look into the primary key. */
async function placesOf(tx: Db, acts: readonly MarkAct[]): Promise<Map<string, Place>> {
  const members = [...new Map(acts.map((act) => [keyOf(act), act])).values()];
  const { rows } = await sql<MarksRow & { last_message_id: number; member_count: number; version: number }>`
    SELECT u.chat_id, u.user_id, own.last_read_id, own.delivered_id, own.unread_from_id,
      own.muted, own.pinned, own.last_message_id, own.member_count, own.version
    FROM unnest(
      ${members.map((act) => act.chatId)}::bigint[], ${members.map((act) => act.userId)}::bigint[]
    ) AS u (chat_id, user_id)
    CROSS JOIN LATERAL (
      SELECT m.last_read_id, m.delivered_id, m.unread_from_id, m.muted, m.pinned, c.last_message_id, c.member_count, c.version
      FROM members m JOIN chats c ON c.id = m.chat_id
      WHERE m.chat_id = u.chat_id AND c.id = u.chat_id AND m.user_id = u.user_id AND m.left_at IS NULL
      LIMIT 1
    ) own`.execute(tx);
  const places = new Map<string, Place>();
  for (const row of rows) {
    const [chatId, userId] = [row.chat_id, row.user_id];
    const [lastMessageId, memberCount] = [row.last_message_id, row.member_count];
    const place = { chatId, userId, lastMessageId, memberCount, version: row.version };
    places.set(keyOf(place), { ...place, ...marksOf(row) });
  }
  return places;
}

/** Writes the changes, and gives what there is to tell of them. Who has left meanwhile gets a problem instead. */
async function store(
  tx: Db,
  changes: readonly Change[],
  problems: Map<MarkAct, ProblemError>,
  now: Date,
): Promise<ChatEvent[]> {
  if (changes.length === 0) return [];
  const large = changes.filter(({ place }) => place.memberCount > MARKS_TOLD.maxMembers);
  const furthest = await furthestMarks(tx, [...new Set(large.map(({ place }) => place.chatId))]);
  const written = await update(tx, changes, now);
  const events: ChatEvent[] = [];
  const steps = [];
  for (const change of changes) {
    const { place } = change;
    const row = written.get(keyOf(place));
    if (row === undefined) {
      for (const act of change.acts) problems.set(act, chatNotFound(place.chatId));
      continue;
    }
    if (row.readAt !== null && row.lastReadId > place.lastReadId) {
      steps.push({
        chatId: place.chatId,
        userId: place.userId,
        readAt: row.readAt,
        afterMessageId: place.lastReadId,
        messageId: row.lastReadId,
      });
    }
    const holders = furthest.get(place.chatId) ?? [];
    furthest.set(place.chatId, holders);
    events.push(...eventsOf(change, row, holders));
  }
  await recordSteps(tx, steps);
  return events;
}

/** The rows are given in one order to every statement that writes several, so that two rarely wait for each other. */
async function update(
  tx: Db,
  changes: readonly Change[],
  now: Date,
): Promise<Map<string, Marks & { readAt: Date | null }>> {
  const sorted = changes.toSorted((a, b) => a.place.chatId - b.place.chatId || a.place.userId - b.place.userId);
  const marks = sorted.map(({ folded }) => folded.marks);
  const { rows } = await sql<MarksRow & { read_at: Date | null }>`
    UPDATE members m SET
      marked_at = ${now},
      last_read_id = GREATEST(m.last_read_id, u.read_id),
      delivered_id = GREATEST(m.delivered_id, u.delivered_id),
      unread_from_id = CASE
        WHEN u.sets_unread THEN u.unread_from_id
        WHEN m.unread_from_id <= u.read_to THEN NULL
        ELSE m.unread_from_id
      END,
      muted = COALESCE(u.muted, m.muted),
      pinned = COALESCE(u.pinned, m.pinned),
      read_at = CASE
        WHEN u.read_id <= m.last_read_id OR m.read_at > ${new Date(now.getTime() - STEP_MS)} THEN m.read_at
        ELSE ${now}
      END
    FROM unnest(
      ${sorted.map(({ place }) => place.chatId)}::bigint[], ${sorted.map(({ place }) => place.userId)}::bigint[],
      ${marks.map((mark) => mark.lastReadId)}::bigint[], ${marks.map((mark) => mark.deliveredId)}::bigint[],
      ${marks.map((mark) => mark.unreadFromId)}::bigint[],
      ${sorted.map(({ folded }) => folded.setsUnread)}::boolean[], ${sorted.map(({ folded }) => folded.readTo)}::bigint[],
      ${sorted.map(({ folded }) => folded.sets.muted)}::boolean[],
      ${sorted.map(({ folded }) => folded.sets.pinned)}::boolean[]
    ) AS u (chat_id, user_id, read_id, delivered_id, unread_from_id, sets_unread, read_to, muted, pinned)
    WHERE m.chat_id = u.chat_id AND m.user_id = u.user_id AND m.left_at IS NULL
    RETURNING m.chat_id, m.user_id, m.last_read_id, m.delivered_id, m.unread_from_id, m.muted, m.pinned,
      m.read_at`.execute(tx);
  return new Map(
    rows.map((row) => [keyOf({ chatId: row.chat_id, userId: row.user_id }), { ...marksOf(row), readAt: row.read_at }]),
  );
}

/**
 * Who hears of what: of reading and delivery everyone in chats of up to `MARKS_TOLD`; in larger ones of reading as far
 * as it decides whether something is read by anyone, the member's own devices always. Of the mark of unread and of
 * how the chat is set the member's own devices alone.
 */
function eventsOf({ place, folded: { origins } }: Change, now: Marks, holders: Holder[]): ChatEvent[] {
  const { chatId, userId, version: after } = place;
  const small = place.memberCount <= MARKS_TOLD.maxMembers;
  const events: ChatEvent[] = [];
  if (now.lastReadId > place.lastReadId) {
    const toAll = small || isAmongFurthest(holders, { userId, lastReadId: now.lastReadId });
    events.push({
      chatId,
      after,
      frame: { type: 'read', message_id: now.lastReadId, chat_id: chatId, reader_id: userId },
      onlyUserId: toAll ? undefined : userId,
      origin: origins.read,
    });
  }
  // What is read was delivered, and need not be told as that too.
  if (now.deliveredId > Math.max(place.deliveredId, now.lastReadId) && small) {
    events.push({
      chatId,
      after,
      frame: { type: 'delivered', chat_id: chatId, message_id: now.deliveredId, user_id: userId },
      origin: origins.delivered,
    });
  }
  if (now.unreadFromId !== place.unreadFromId) {
    events.push({
      chatId,
      after,
      frame: { type: 'unread', chat_id: chatId, message_id: now.unreadFromId },
      onlyUserId: userId,
      origin: origins.unread,
    });
  }
  if (now.muted !== place.muted || now.pinned !== place.pinned) {
    events.push({
      chatId,
      after,
      frame: { type: 'settings', chat_id: chatId, muted: now.muted, pinned: now.pinned },
      onlyUserId: userId,
      origin: origins.settings,
    });
  }
  return events;
}

interface MarksRow {
  chat_id: number;
  user_id: number;
  last_read_id: number;
  delivered_id: number;
  unread_from_id: number | null;
  muted: boolean;
  pinned: boolean;
}

function marksOf(row: MarksRow): Marks {
  return {
    lastReadId: row.last_read_id,
    deliveredId: row.delivered_id,
    unreadFromId: row.unread_from_id,
    muted: row.muted,
    pinned: row.pinned,
  };
}

function changed(before: Marks, after: Marks): boolean {
  return (
    after.lastReadId > before.lastReadId ||
    after.deliveredId > before.deliveredId ||
    after.unreadFromId !== before.unreadFromId ||
    after.muted !== before.muted ||
    after.pinned !== before.pinned
  );
}

/** The message that an act is about; 0: none. */
function messageOf(act: MarkAct): number {
  return act.mark === 'settings' ? 0 : (act.messageId ?? 0);
}

function keyOf({ chatId, userId }: { chatId: number; userId: number }): string {
  return `${chatId}/${userId}`;
}
