import type { MessageFrame } from '@beseda/protocol/frames.ts';
import { sql } from 'kysely';
import { build } from '../db/build.ts';
import { bigints, type Steps } from '../db/pipeline.ts';
import type { ChatEvent } from './events.ts';
import { messageFrame, type MessageRow } from './frames.ts';
import { chatNotFound } from './membership.ts';
import { messageNotFound, selectMessages } from './message-rows.ts';
import type { ProblemError } from './problem.ts';

/** A message to send; its text is ready to be stored ({@link trimmedText}). */
export interface Draft {
  chatId: number;
  senderId: number;
  text: string;
  clientId: string | undefined;
  /** The id of the message of the same chat that this one answers. */
  replyTo?: number | undefined;
  origin?: symbol | undefined;
}

/** What became of one draft: the message, which `repeated` says was stored before, or the reason against it. */
export type Sent = { message: MessageFrame; repeated: boolean } | { problem: ProblemError };

/**
 * Stores messages, of any chats and senders, in the order given, and answers for each. Each chat's row lock, taken
 * by the statement that reserves the numbers, makes ids and versions gapless and in commit order; membership,
 * `client_id`s and what is answered are looked up under it, so that none can change before the commit. What turns out refused or
 * repeated gives its number back in the same transaction. It takes the same number of statements for one message as
 * for a thousand, and two round trips, the commit included: all that is read, then all that is written.
 */
export async function sendMessages(
  steps: Steps,
  drafts: readonly Draft[],
  now: Date,
): Promise<{ result: Sent[]; events: ChatEvent[] }> {
  const [reserved, marks, repeated, answered] = await Promise.all([
    reserve(steps, drafts),
    memberMarks(steps, drafts),
    repeatedDrafts(steps, drafts),
    answeredSenders(steps, drafts),
  ]);
  const known = await knownMessages(steps, repeated);

  const rows: MessageRow[] = [];
  const events: ChatEvent[] = [];
  const result = drafts.map((draft): Sent => {
    const chat = reserved.get(draft.chatId);
    const mark = marks.get(pair(draft.chatId, draft.senderId));
    if (chat === undefined || mark === undefined) return { problem: chatNotFound(draft.chatId) };
    const key = draft.clientId === undefined ? undefined : `${pair(draft.chatId, draft.senderId)}/${draft.clientId}`;
    const first = key === undefined ? undefined : known.get(key);
    if (first !== undefined) return { message: messageFrame(first), repeated: true };
    const replyTo = draft.replyTo ?? null;
    const answeredSender = replyTo === null ? null : answered.get(pair(draft.chatId, replyTo));
    if (answeredSender === undefined) return { problem: messageNotFound(draft.chatId, draft.replyTo ?? 0) };
    chat.messageId += 1;
    chat.version += 1;
    chat.left -= 1;
    const row: MessageRow = {
      chat_id: draft.chatId,
      id: chat.messageId,
      version: chat.version,
      sender_id: draft.senderId,
      client_id: draft.clientId ?? null,
      text: draft.text,
      reply_to: replyTo,
      reply_to_sender_id: answeredSender,
      created_at: now,
      edited_at: null,
      deleted_at: null,
      reactions: [],
    };
    rows.push(row);
    // One further on in the batch may have guessed the id of this one.
    answered.set(pair(row.chat_id, row.id), row.sender_id);
    if (key !== undefined) known.set(key, row);
    // Who has read all before their own message has nothing unread after it either. Others keep their mark: writing
    // is not reading.
    if (mark.lastReadId === row.id - 1) Object.assign(mark, { lastReadId: row.id, moved: true });
    const frame = messageFrame(row);
    events.push({ chatId: draft.chatId, frame, origin: draft.origin });
    return { message: frame, repeated: false };
  });

  store(steps, rows);
  // In the order in which marks are written elsewhere too, so that two transactions rarely wait for each other.
  const moved = [...marks.values()]
    .filter((mark) => mark.moved)
    .toSorted((a, b) => a.chatId - b.chatId || a.userId - b.userId);
  moveMarks(steps, moved, now);
  events.push(...moved.map(ownMark));
  giveBack(
    steps,
    [...reserved.values()].filter((chat) => chat.left > 0),
  );
  return { result, events };
}

interface Reservation {
  chatId: number;
  /** The newest message and version given out so far. */
  messageId: number;
  version: number;
  /** Numbers that were reserved and not given out. */
  left: number;
}

/** Locks the chats and moves their counters on by as many as there are drafts for each. */
async function reserve(steps: Steps, drafts: readonly Draft[]): Promise<Map<number, Reservation>> {
  const counts = new Map<number, number>();
  for (const { chatId } of drafts) counts.set(chatId, (counts.get(chatId) ?? 0) + 1);
  const rows = await steps.run<{ id: number; n: number; last_message_id: number; version: number }>(
    `UPDATE chats c SET last_message_id = c.last_message_id + u.n, version = c.version + u.n
    FROM unnest($1::bigint[], $2::bigint[]) AS u (id, n)
    WHERE c.id = u.id AND c.id = ANY ($1::bigint[])
    RETURNING c.id, u.n, c.last_message_id, c.version`,
    [bigints([...counts.keys()]), bigints([...counts.values()])],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      { chatId: row.id, messageId: row.last_message_id - row.n, version: row.version - row.n, left: row.n },
    ]),
  );
}

interface MemberMark {
  chatId: number;
  userId: number;
  lastReadId: number;
  moved: boolean;
}

/**
 * The members that the drafts name as senders. Here and below, the inner query is for one row at a time, so that the
 * planner can do nothing but look into a unique index; lists of each column would have PostgreSQL try every combination.
 */
async function memberMarks(steps: Steps, drafts: readonly Draft[]): Promise<Map<string, MemberMark>> {
  const senders = new Map(drafts.map(({ chatId, senderId }) => [pair(chatId, senderId), { chatId, senderId }]));
  const asked = [...senders.values()];
  const rows = await steps.run<{ chat_id: number; user_id: number; last_read_id: number }>(
    `SELECT u.chat_id, u.user_id, member.last_read_id
    FROM unnest($1::bigint[], $2::bigint[]) AS u (chat_id, user_id)
    CROSS JOIN LATERAL (
      SELECT m.last_read_id FROM members m
      WHERE m.chat_id = u.chat_id AND m.user_id = u.user_id AND m.left_at IS NULL
      LIMIT 1
    ) member`,
    [bigints(asked.map((sender) => sender.chatId)), bigints(asked.map((sender) => sender.senderId))],
  );
  return new Map(
    rows.map((row) => [
      pair(row.chat_id, row.user_id),
      { chatId: row.chat_id, userId: row.user_id, lastReadId: row.last_read_id, moved: false },
    ]),
  );
}

interface MessageKey {
  chat_id: number;
  id: number;
}

/** Which messages were sent before under one of the drafts' `client_id`s. */
async function repeatedDrafts(steps: Steps, drafts: readonly Draft[]): Promise<MessageKey[]> {
  const named = drafts.filter((draft) => draft.clientId !== undefined);
  if (named.length === 0) return [];
  return steps.run<MessageKey>(
    `SELECT u.chat_id, known.id
    FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) AS u (chat_id, sender_id, client_id)
    CROSS JOIN LATERAL (
      SELECT m.id FROM messages m
      WHERE m.chat_id = u.chat_id AND m.sender_id = u.sender_id AND m.client_id = u.client_id
        AND m.client_id IS NOT NULL
      LIMIT 1
    ) known`,
    [
      bigints(named.map((draft) => draft.chatId)),
      bigints(named.map((draft) => draft.senderId)),
      named.map((draft) => draft.clientId),
    ],
  );
}

/** What the messages are now, by chat, sender and `client_id`; others that come of the two lists do no harm. */
async function knownMessages(steps: Steps, keys: readonly MessageKey[]): Promise<Map<string, MessageRow>> {
  if (keys.length === 0) return new Map();
  const found = selectMessages(build)
    .where('chat_id', '=', sql<number>`ANY (${bigints(distinct(keys.map((key) => key.chat_id)))}::bigint[])`)
    .where('id', '=', sql<number>`ANY (${bigints(keys.map((key) => key.id))}::bigint[])`)
    .compile();
  const rows = await steps.run<MessageRow>(found.sql, found.parameters);
  return new Map(rows.map((row) => [`${pair(row.chat_id, row.sender_id)}/${row.client_id}`, row]));
}

/** Whose the messages are that the drafts answer, by chat and message; those that are deleted are left out. */
async function answeredSenders(steps: Steps, drafts: readonly Draft[]): Promise<Map<string, number>> {
  const replies = drafts.flatMap(({ chatId, replyTo }) => (replyTo === undefined ? [] : [{ chatId, replyTo }]));
  if (replies.length === 0) return new Map();
  const rows = await steps.run<{ chat_id: number; id: number; sender_id: number }>(
    `SELECT u.chat_id, u.id, answered.sender_id
    FROM unnest($1::bigint[], $2::bigint[]) AS u (chat_id, id)
    CROSS JOIN LATERAL (
      SELECT m.sender_id FROM messages m
      WHERE m.chat_id = u.chat_id AND m.id = u.id AND m.deleted_at IS NULL
      LIMIT 1
    ) answered`,
    [bigints(replies.map((reply) => reply.chatId)), bigints(replies.map((reply) => reply.replyTo))],
  );
  return new Map(rows.map((row) => [pair(row.chat_id, row.id), row.sender_id]));
}

function store(steps: Steps, rows: readonly MessageRow[]): void {
  if (rows.length === 0) return;
  steps.begin(
    `INSERT INTO messages (chat_id, id, version, sender_id, client_id, text, reply_to, reply_to_sender_id, created_at)
    SELECT * FROM unnest(
      $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::bigint[], $8::bigint[],
      $9::timestamptz[]
    )`,
    [
      bigints(rows.map((row) => row.chat_id)),
      bigints(rows.map((row) => row.id)),
      bigints(rows.map((row) => row.version)),
      bigints(rows.map((row) => row.sender_id)),
      rows.map((row) => row.client_id),
      rows.map((row) => row.text),
      bigints(rows.map((row) => row.reply_to)),
      bigints(rows.map((row) => row.reply_to_sender_id)),
      rows.map((row) => row.created_at),
    ],
  );
}

/** Told to the sender's own devices, for their unread counts; to others it says nothing that the message does not. */
function ownMark({ chatId, userId, lastReadId }: MemberMark): ChatEvent {
  return {
    chatId,
    frame: { type: 'read', message_id: lastReadId, chat_id: chatId, reader_id: userId },
    onlyUserId: userId,
  };
}

/**
 * A mark that did not count until now, since it is the one that the member began with, counts no more for what the
 * member wrote: writing is not reading. The key alone decides which rows: lists of its columns besides would lead the
 * planner to read all members of a chat.
 */
function moveMarks(steps: Steps, marks: readonly MemberMark[], now: Date): void {
  if (marks.length === 0) return;
  steps.begin(
    `UPDATE members m SET marked_at = $4, last_read_id = GREATEST(m.last_read_id, u.mark),
      joined_message_id = CASE WHEN m.joined_message_id = m.last_read_id THEN u.mark ELSE m.joined_message_id END
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (chat_id, user_id, mark)
    WHERE m.chat_id = u.chat_id AND m.user_id = u.user_id`,
    [
      bigints(marks.map((mark) => mark.chatId)),
      bigints(marks.map((mark) => mark.userId)),
      bigints(marks.map((mark) => mark.lastReadId)),
      now,
    ],
  );
}

function giveBack(steps: Steps, chats: readonly Reservation[]): void {
  if (chats.length === 0) return;
  steps.begin(
    `UPDATE chats c SET last_message_id = c.last_message_id - u.n, version = c.version - u.n
    FROM unnest($1::bigint[], $2::bigint[]) AS u (id, n)
    WHERE c.id = u.id AND c.id = ANY ($1::bigint[])`,
    [bigints(chats.map((chat) => chat.chatId)), bigints(chats.map((chat) => chat.left))],
  );
}

function pair(chatId: number, userId: number): string {
  return `${chatId}/${userId}`;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
