import { MARKS_TOLD } from '@beseda/protocol/limits.ts';
import type { MarkFrame } from '@beseda/protocol/marks.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { furthestMarks } from './furthest-marks.ts';

/** What need be known of a chat to tell its marks. */
interface MarkedChat {
  id: number;
  member_count: number;
}

/** Members of all chats together whose marks are told one by one; of further chats it is done as in large ones. */
const TOTAL_BOUND = 5000;

/**
 * The marks that a client of the user holds, by chat: the user's own; in small chats those of everyone; in others the
 * reading marks that decide whether something is read by anyone. Of the marks of unread and the settings
 * those that stand: what is not told is not set. Three statements, whatever the number of chats.
 */
export async function marksToTell(
  db: Db,
  userId: number,
  chats: readonly MarkedChat[],
): Promise<Map<number, MarkFrame[]>> {
  if (chats.length === 0) return new Map();
  const { small, large } = bySize(chats);
  const frames = await Promise.all([
    ownMarks(db, userId, [...small, ...large]),
    everyonesMarks(db, userId, small),
    decidingMarks(db, userId, large),
  ]);
  return Map.groupBy(frames.flat(), (frame) => frame.chat_id);
}

/** The smallest first: most chats have few members, and theirs say most. */
function bySize(chats: readonly MarkedChat[]): { small: number[]; large: number[] } {
  const small: number[] = [];
  const large: number[] = [];
  let members = 0;
  for (const chat of chats.toSorted((a, b) => a.member_count - b.member_count)) {
    members += chat.member_count;
    const told = chat.member_count <= MARKS_TOLD.maxMembers && members <= TOTAL_BOUND;
    (told ? small : large).push(chat.id);
  }
  return { small, large };
}

interface OwnMarksRow {
  chat_id: number;
  last_read_id: number;
  unread_from_id: number | null;
  muted: boolean;
  pinned: boolean;
}

async function ownMarks(db: Db, userId: number, chatIds: readonly number[]): Promise<MarkFrame[]> {
  const { rows } = await sql<OwnMarksRow>`
    SELECT m.chat_id, m.last_read_id, m.unread_from_id, m.muted, m.pinned FROM members m
    WHERE m.chat_id = ANY (${[...chatIds]}::bigint[]) AND m.user_id = ${userId} AND m.left_at IS NULL
      AND (m.last_read_id > 0 OR m.unread_from_id IS NOT NULL OR m.muted OR m.pinned)`.execute(db);
  const frames: MarkFrame[] = [];
  for (const row of rows) {
    if (row.last_read_id > 0) frames.push(readFrame(row.chat_id, userId, row.last_read_id));
    if (row.unread_from_id !== null) {
      frames.push({ type: 'unread', chat_id: row.chat_id, message_id: row.unread_from_id });
    }
    if (row.muted || row.pinned) {
      frames.push({ type: 'settings', chat_id: row.chat_id, muted: row.muted, pinned: row.pinned });
    }
  }
  return frames;
}

/** Marks that members began with say nothing of what they have read, and are left out. */
async function everyonesMarks(db: Db, userId: number, chatIds: readonly number[]): Promise<MarkFrame[]> {
  if (chatIds.length === 0) return [];
  const { rows } = await sql<{
    chat_id: number;
    user_id: number;
    last_read_id: number;
    delivered_id: number;
    joined_message_id: number;
  }>`
    SELECT m.chat_id, m.user_id, m.last_read_id, m.delivered_id, m.joined_message_id FROM members m
    WHERE m.chat_id = ANY (${[...chatIds]}::bigint[])
      AND GREATEST(m.last_read_id, m.delivered_id) > m.joined_message_id`.execute(db);
  const frames: MarkFrame[] = [];
  for (const row of rows) {
    const { chat_id: chatId, user_id: memberId, last_read_id: readId, delivered_id: deliveredId } = row;
    if (memberId !== userId && readId > row.joined_message_id) frames.push(readFrame(chatId, memberId, readId));
    if (deliveredId <= readId) continue;
    frames.push({ type: 'delivered', chat_id: chatId, message_id: deliveredId, user_id: memberId });
  }
  return frames;
}

async function decidingMarks(db: Db, userId: number, chatIds: readonly number[]): Promise<MarkFrame[]> {
  const furthest = await furthestMarks(db, chatIds);
  return [...furthest].flatMap(([chatId, holders]) =>
    holders
      .filter((holder) => holder.userId !== userId)
      .map((holder) => readFrame(chatId, holder.userId, holder.lastReadId)),
  );
}

function readFrame(chatId: number, userId: number, messageId: number): MarkFrame {
  return { type: 'read', message_id: messageId, chat_id: chatId, reader_id: userId };
}
