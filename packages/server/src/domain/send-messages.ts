import type { MessageFrame } from '@beseda/protocol/frames.ts';
import { sql } from 'kysely';
import { build } from '../db/build.ts';
import { bigints, type Steps } from '../db/pipeline.ts';
import type { ChatEvent } from './events.ts';
import { messageFrame, type MessageRow } from './frames.ts';
import { chatNotFound } from './membership.ts';
import { messageNotFound, selectMessages } from './message-rows.ts';
import { ProblemError } from './problem.ts';
import { attachFiles, lookUpFiles } from './sending-files.ts';

/** A message to send; its text is ready to be stored ({@link trimmedText}). */
export interface Draft {
  chatId: number;
  senderId: number;
  text: string;
  clientId: string | undefined;
  /** The id of the message of the same chat that this one answers. */
  replyTo?: number | undefined;
  /** Whose words those are, and when they wrote them, where the message is forwarded. */
  forwardedFrom?: { senderId: number; createdAt: Date } | undefined;
  /** Ids of files: of the sender's that are in no message yet, or of the message that is forwarded. */
  files?: readonly string[] | undefined;
  origin?: symbol | undefined;
}

/** What became of one draft: the message, which `repeated` says was stored before, or the reason against it. */
export type Sent = { message: MessageFrame; repeated: boolean } | { problem: ProblemError };

/**
 * Stores messages, of any chats and senders, in the order given, and answers for each. Each chat's row lock, taken by
 * the statement that reserves the numbers, makes ids and versions gapless and in commit order; membership, `client_id`s
 * and what is answered are looked up under it, so that none can change before the commit. What turns out refused or
 * repeated gives its number back in the same transaction. It takes the same number of statements for one message as for
 * a thousand, and two round trips, the commit included: all that is read, then all that is written.
 */
export async function sendMessages(
  steps: Steps,
  drafts: readonly Draft[],
  now: Date,
): Promise<{ result: Sent[]; events: ChatEvent[] }> {
  const [reserved, looks, files] = await Promise.all([
    reserve(steps, drafts),
    lookUp(steps, drafts),
    lookUpFiles(steps, drafts),
  ]);
  const known = await knownMessages(
    steps,
    drafts.flatMap(({ chatId }, index) => {
      const id = looks[index]?.known_id ?? null;
      return id === null ? [] : [{ chatId, id }];
    }),
  );
  const marks = new Map<string, MemberMark>();
  /** Whose the messages of this batch are, by chat and message. */
  const written = new Map<string, number>();

  const rows: MessageRow[] = [];
  const events: ChatEvent[] = [];
  const result = drafts.map((draft, index): Sent => {
    const chat = reserved.get(draft.chatId);
    const look = looks[index];
    if (chat === undefined || look === undefined || look.last_read_id === null) {
      return { problem: chatNotFound(draft.chatId) };
    }
    const key = draft.clientId === undefined ? undefined : `${pair(draft.chatId, draft.senderId)}/${draft.clientId}`;
    const first = key === undefined ? undefined : known.get(key);
    if (first !== undefined) return { message: messageFrame(first), repeated: true };
    const replyTo = draft.replyTo ?? null;
    // One earlier in the batch may have the id that this one guessed.
    const answeredSender =
      replyTo === null ? null : (look.answered_sender_id ?? written.get(pair(draft.chatId, replyTo)));
    if (answeredSender === undefined) return { problem: messageNotFound(draft.chatId, draft.replyTo ?? 0) };
    const told = files.take(draft);
    if (told instanceof ProblemError) return { problem: told };
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
      pinned_at: null,
      forwarded_sender_id: draft.forwardedFrom?.senderId ?? null,
      forwarded_created_at: draft.forwardedFrom?.createdAt ?? null,
      reactions: [],
      files: told,
    };
    rows.push(row);
    written.set(pair(row.chat_id, row.id), row.sender_id);
    if (key !== undefined) known.set(key, row);
    // Who has read all before their own message has nothing unread after it either. Others keep their mark: writing
    // is not reading.
    const member = pair(row.chat_id, row.sender_id);
    const lastReadId = marks.get(member)?.lastReadId ?? look.last_read_id;
    if (lastReadId === row.id - 1) {
      marks.set(member, { chatId: row.chat_id, userId: row.sender_id, lastReadId: row.id });
    }
    const frame = messageFrame(row);
    events.push({ chatId: draft.chatId, frame, origin: draft.origin });
    return { message: frame, repeated: false };
  });

  // In the order in which marks are written elsewhere too, so that two transactions rarely wait for each other.
  const moved = [...marks.values()].toSorted((a, b) => a.chatId - b.chatId || a.userId - b.userId);
  store(steps, rows, moved, now);
  attachFiles(steps, rows, now);
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

/** A reading mark that moves on. */
interface MemberMark {
  chatId: number;
  userId: number;
  lastReadId: number;
}

/** What there is to know for a draft: each is null where there is none. */
interface Look {
  /** The mark of the sender, who is a member. */
  last_read_id: number | null;
  /** The message that was sent before under its `client_id`. */
  known_id: number | null;
  /** Whose the message is that it answers, and that is not deleted. */
  answered_sender_id: number | null;
}

/**
 * Looks up what decides over each draft, in their order. The inner queries are for one row at a time, so that the
 * planner can do nothing but look into a unique index; lists of each column would have PostgreSQL try every
 * combination.
 */
async function lookUp(steps: Steps, drafts: readonly Draft[]): Promise<Look[]> {
  return steps.run<Look>(
    `SELECT member.last_read_id, known.id AS known_id, answered.sender_id AS answered_sender_id
    FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[])
      WITH ORDINALITY AS u (chat_id, sender_id, client_id, reply_to, n)
    LEFT JOIN LATERAL (
      SELECT m.last_read_id FROM members m
      WHERE m.chat_id = u.chat_id AND m.user_id = u.sender_id AND m.left_at IS NULL
      LIMIT 1
    ) member ON true
    LEFT JOIN LATERAL (
      SELECT m.id FROM messages m
      WHERE m.chat_id = u.chat_id AND m.sender_id = u.sender_id AND m.client_id = u.client_id
        AND m.client_id IS NOT NULL
      LIMIT 1
    ) known ON true
    LEFT JOIN LATERAL (
      SELECT m.sender_id FROM messages m
      WHERE m.chat_id = u.chat_id AND m.id = u.reply_to AND m.deleted_at IS NULL
      LIMIT 1
    ) answered ON true
    ORDER BY u.n`,
    [
      bigints(drafts.map((draft) => draft.chatId)),
      bigints(drafts.map((draft) => draft.senderId)),
      drafts.map((draft) => draft.clientId ?? null),
      bigints(drafts.map((draft) => draft.replyTo ?? null)),
    ],
  );
}

/** What messages are now, by chat, sender and `client_id`; others that come of the two lists do no harm. */
async function knownMessages(
  steps: Steps,
  keys: readonly { chatId: number; id: number }[],
): Promise<Map<string, MessageRow>> {
  if (keys.length === 0) return new Map();
  const found = selectMessages(build)
    .where('chat_id', '=', sql<number>`ANY (${bigints(distinct(keys.map((key) => key.chatId)))}::bigint[])`)
    .where('id', '=', sql<number>`ANY (${bigints(distinct(keys.map((key) => key.id)))}::bigint[])`)
    .compile();
  const rows = await steps.run<MessageRow>(found.sql, found.parameters);
  return new Map(rows.map((row) => [`${pair(row.chat_id, row.sender_id)}/${row.client_id}`, row]));
}

/**
 * Stores messages, and the marks of their senders. A mark that did not count until now, since it is the one that the
 * member began with, counts no more for what the member wrote: writing is not reading. The key alone decides which
 * rows: lists of its columns besides would lead the planner to read all members of a chat.
 */
function store(steps: Steps, rows: readonly MessageRow[], marks: readonly MemberMark[], now: Date): void {
  if (rows.length === 0) return;
  steps.begin(
    `WITH marked AS (
      UPDATE members m SET marked_at = $9, last_read_id = GREATEST(m.last_read_id, u.mark),
        joined_message_id = CASE WHEN m.joined_message_id = m.last_read_id THEN u.mark ELSE m.joined_message_id END
      FROM unnest($10::bigint[], $11::bigint[], $12::bigint[]) AS u (chat_id, user_id, mark)
      WHERE m.chat_id = u.chat_id AND m.user_id = u.user_id
    )
    INSERT INTO messages (
      chat_id, id, version, sender_id, client_id, text, reply_to, reply_to_sender_id,
      forwarded_sender_id, forwarded_created_at, created_at
    )
    SELECT u.*, $9::timestamptz FROM unnest(
      $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::bigint[], $8::bigint[],
      $13::bigint[], $14::timestamptz[]
    ) AS u`,
    [
      bigints(rows.map((row) => row.chat_id)),
      bigints(rows.map((row) => row.id)),
      bigints(rows.map((row) => row.version)),
      bigints(rows.map((row) => row.sender_id)),
      rows.map((row) => row.client_id),
      rows.map((row) => row.text),
      bigints(rows.map((row) => row.reply_to)),
      bigints(rows.map((row) => row.reply_to_sender_id)),
      now,
      bigints(marks.map((mark) => mark.chatId)),
      bigints(marks.map((mark) => mark.userId)),
      bigints(marks.map((mark) => mark.lastReadId)),
      bigints(rows.map((row) => row.forwarded_sender_id)),
      rows.map((row) => row.forwarded_created_at?.toISOString() ?? null),
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
