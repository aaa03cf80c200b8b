import type { Chat } from '@beseda/protocol/chats.ts';
import type { Reaction } from '@beseda/protocol/messages.ts';
import type { User } from '@beseda/protocol/users.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { message, type MessageRow } from './frames.ts';
import { chatNotFound } from './membership.ts';
import { reactionsOf } from './message-rows.ts';
import { unreadCount } from './reading-acts.ts';

/** Every chat of the user as the user sees it, the one with the latest activity first. Two queries. */
export async function listChats(db: Db, userId: number): Promise<Chat[]> {
  return selectChats(db, userId, undefined);
}

/** @throws ProblemError `chat_not_found`. */
export async function getChat(db: Db, userId: number, chatId: number): Promise<Chat> {
  const [chat] = await selectChats(db, userId, chatId);
  if (chat === undefined) throw chatNotFound(chatId);
  return chat;
}

interface Row {
  id: number;
  kind: string;
  name: string | null;
  creator_id: number | null;
  version: number;
  last_message_id: number;
  last_read_id: number;
  unread_from_id: number | null;
  muted: boolean;
  pinned: boolean;
  created_at: Date;
  message: MessageRow | null;
  message_is_read: boolean;
}

async function selectChats(db: Db, userId: number, chatId: number | undefined): Promise<Chat[]> {
  const one = chatId === undefined ? sql`` : sql`AND own.chat_id = ${chatId}`;
  const { rows } = await sql<Omit<Row, 'message'> & MessageColumns>`
    SELECT c.id, c.kind, c.name, c.creator_id, c.version, c.last_message_id, own.last_read_id, own.unread_from_id,
      own.muted, own.pinned, c.created_at,
      m.version AS message_version, m.sender_id, m.client_id, m.text, m.reply_to, m.reply_to_sender_id,
      m.created_at AS sent_at, m.edited_at, m.deleted_at, ${reactionsOf('m')} AS reactions,
      EXISTS (
        SELECT 1 FROM members r
        WHERE r.chat_id = own.chat_id AND r.user_id <> m.sender_id AND r.last_read_id >= m.id
          AND r.last_read_id > r.joined_message_id
      ) AS message_is_read
    FROM members own
    JOIN chats c ON c.id = own.chat_id
    LEFT JOIN messages m ON m.chat_id = own.chat_id AND m.id = c.last_message_id
    WHERE own.user_id = ${userId} AND own.left_at IS NULL ${one}
    ORDER BY COALESCE(m.created_at, c.created_at) DESC, c.id DESC`.execute(db);
  const personal = rows.filter((row) => row.kind === 'personal').map((row) => row.id);
  const peers = await peersOf(db, userId, personal);
  return rows.map((row) => asChat({ ...row, message: lastMessage(row) }, peers.get(row.id) ?? null));
}

/** The other person of each of the personal chats. Asked for these alone: groups may have thousands of members. */
async function peersOf(db: Db, userId: number, chatIds: number[]): Promise<Map<number, User>> {
  if (chatIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['members.chat_id', 'users.id', 'users.username', 'users.display_name'])
    .where('members.chat_id', 'in', chatIds)
    .where('members.user_id', '!=', userId)
    .execute();
  return new Map(rows.map(({ chat_id: chatId, ...peer }) => [chatId, peer]));
}

interface MessageColumns {
  message_version: number | null;
  sender_id: number;
  client_id: string | null;
  text: string;
  reply_to: number | null;
  reply_to_sender_id: number | null;
  sent_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  reactions: Reaction[];
}

function lastMessage(row: Omit<Row, 'message'> & MessageColumns): MessageRow | null {
  if (row.message_version === null) return null;
  return {
    chat_id: row.id,
    id: row.last_message_id,
    version: row.message_version,
    sender_id: row.sender_id,
    client_id: row.client_id,
    text: row.text,
    reply_to: row.reply_to,
    reply_to_sender_id: row.reply_to_sender_id,
    created_at: row.sent_at,
    edited_at: row.edited_at,
    deleted_at: row.deleted_at,
    reactions: row.reactions,
  };
}

function asChat(row: Row, peer: User | null): Chat {
  return {
    id: row.id,
    name: row.name ?? peer?.display_name ?? peer?.username ?? '',
    is_group: row.kind === 'group',
    creator_id: row.creator_id,
    peer,
    version: row.version,
    last_message_id: row.last_message_id,
    last_message: row.message === null ? null : message(row.message, row.message_is_read),
    last_read_id: row.last_read_id,
    unread_count: unreadCount(row.last_message_id, {
      lastReadId: row.last_read_id,
      unreadFromId: row.unread_from_id,
    }),
    marked_unread_id: row.unread_from_id,
    muted: row.muted,
    pinned: row.pinned,
    created_at: row.created_at.toISOString(),
  };
}
