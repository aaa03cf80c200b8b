import type { ChatFrame, MemberFrame, MessageFrame } from '@beseda/protocol/frames.ts';
import type { Message, Reaction } from '@beseda/protocol/messages.ts';
import type { Selectable } from 'kysely';
import type { Tables } from '../db/tables.ts';

export type ChatRow = Selectable<Tables['chats']>;
export type MemberRow = Selectable<Tables['members']>;
/** A message with all that its state tells; `selectMessages` reads it. */
export type MessageRow = Selectable<Tables['messages']> & { reactions: Reaction[] };

export function messageFrame(row: MessageRow): MessageFrame {
  return { type: 'message', ...messageState(row) };
}

export function message(row: MessageRow, isRead: boolean): Message {
  return { ...messageState(row), is_read: isRead };
}

export function memberFrame(row: MemberRow): MemberFrame {
  return {
    type: 'member',
    chat_id: row.chat_id,
    version: row.version,
    user_id: row.user_id,
    role: row.role === 'creator' ? 'creator' : 'member',
    joined_at: row.joined_at.toISOString(),
    left_at: row.left_at?.toISOString() ?? null,
  };
}

export function chatFrame(row: ChatRow): ChatFrame {
  return {
    type: 'chat',
    chat_id: row.id,
    version: row.info_version,
    is_group: row.kind === 'group',
    name: row.name,
    creator_id: row.creator_id,
    created_at: row.created_at.toISOString(),
  };
}

/** The whole present state of a message, as it stands for everyone. */
export function messageState(row: MessageRow): Omit<Message, 'is_read'> {
  return {
    id: row.id,
    chat_id: row.chat_id,
    version: row.version,
    sender_id: row.sender_id,
    client_id: row.client_id,
    text: row.text,
    // Both are set or neither is (the constraint messages_reply_to).
    reply_to:
      row.reply_to === null || row.reply_to_sender_id === null
        ? null
        : { id: row.reply_to, sender_id: row.reply_to_sender_id },
    reactions: row.reactions,
    files: row.files ?? [],
    created_at: row.created_at.toISOString(),
    edited_at: row.edited_at?.toISOString() ?? null,
    deleted_at: row.deleted_at?.toISOString() ?? null,
    pinned_at: row.pinned_at?.toISOString() ?? null,
    // Both are set or neither is (the constraint messages_forwarded).
    forwarded_from:
      row.forwarded_sender_id === null || row.forwarded_created_at === null
        ? null
        : { sender_id: row.forwarded_sender_id, created_at: row.forwarded_created_at.toISOString() },
  };
}
