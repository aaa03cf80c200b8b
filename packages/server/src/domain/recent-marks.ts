import { MARKS_TOLD } from '@beseda/protocol/limits.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import type { ChatEvent } from './events.ts';
import { furthestMarks } from './furthest-marks.ts';

/**
 * The marks in some chats that have changed since a moment, as the events that told of them, for a node that may not
 * have heard those. They have no version to compare, so what was heard is among them too.
 */
export async function marksSince(db: Db, chatIds: readonly number[], since: Date): Promise<ChatEvent[]> {
  const { rows } = await sql<ChangedMarks>`
    SELECT m.chat_id, m.user_id, m.last_read_id, m.delivered_id, m.unread_from_id,
      m.muted, m.pinned, m.last_read_id > m.joined_message_id AS counts, c.member_count, c.version
    FROM members m JOIN chats c ON c.id = m.chat_id
    WHERE m.chat_id = ANY (${[...chatIds]}::bigint[]) AND m.marked_at > ${since} AND m.left_at IS NULL`.execute(db);
  const large = rows.filter((row) => row.member_count > MARKS_TOLD.maxMembers).map((row) => row.chat_id);
  const furthest = await furthestMarks(db, [...new Set(large)]);
  return rows.flatMap((row) => {
    const holders = furthest.get(row.chat_id);
    const decides = holders?.some((holder) => holder.userId === row.user_id) ?? true;
    return eventsOf(row, row.counts && decides, holders === undefined);
  });
}

interface ChangedMarks {
  chat_id: number;
  user_id: number;
  last_read_id: number;
  delivered_id: number;
  unread_from_id: number | null;
  muted: boolean;
  pinned: boolean;
  counts: boolean;
  member_count: number;
  version: number;
}

function eventsOf(row: ChangedMarks, readForAll: boolean, deliveredForAll: boolean): ChatEvent[] {
  const { chat_id: chatId, user_id: userId, version: after } = row;
  const own = { chatId, after, onlyUserId: userId };
  const read: ChatEvent['frame'] = { type: 'read', message_id: row.last_read_id, chat_id: chatId, reader_id: userId };
  const events: ChatEvent[] = [
    { ...own, frame: { type: 'unread', chat_id: chatId, message_id: row.unread_from_id } },
    { ...own, frame: { type: 'settings', chat_id: chatId, muted: row.muted, pinned: row.pinned } },
  ];
  if (row.last_read_id > 0) events.push(readForAll ? { chatId, after, frame: read } : { ...own, frame: read });
  if (deliveredForAll && row.delivered_id > row.last_read_id) {
    events.push({
      chatId,
      after,
      frame: { type: 'delivered', chat_id: chatId, message_id: row.delivered_id, user_id: userId },
    });
  }
  return events;
}
