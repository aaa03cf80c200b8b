import { ChatFrame } from '@beseda/protocol/frames.ts';
import { messageState } from '@beseda/protocol/messages.ts';
import { ChatId, Mark, MessageId, Nullable, Timestamp, UserId, Version } from '@beseda/protocol/scalars.ts';
import { ChatSettings } from '@beseda/protocol/settings.ts';
import { User } from '@beseda/protocol/users.ts';
import { Type, type Static } from 'typebox';
import { fits } from '../parse.ts';
import { insertMessage, newRecord, type ChatRecord, type MessageState } from './chat-record.ts';
import { mayBeOutdated } from './holding.ts';
import { SNAPSHOT_FORMAT } from './snapshot-format.ts';

const { type: _, chat_id: __, ...chatInfo } = ChatFrame.properties;

const KeptMessage = Type.Object(messageState);

const NOT_KEPT_ONCE = { files: [], pinned_at: null, forwarded_from: null };

/** What is kept of one chat. */
export const ChatSnapshot = Type.Object({
  id: ChatId,
  version: Version,
  info: Type.Object(chatInfo),
  peer: Type.Union([User, Type.Null()]),
  last_message_id: Mark,
  last_message_at: Nullable(Timestamp),
  own_read_id: Mark,
  wanted_read_id: Mark,
  marked_unread_id: Nullable(MessageId),
  /** Snapshots of before there were any have none: the next sync tells. */
  settings: Type.Optional(ChatSettings),
  delivered_id: Mark,
  others_read_id: Mark,
  others_delivered_id: Mark,
  members: Type.Array(Type.Tuple([UserId, Version, Type.Boolean()])),
  members_known: Type.Boolean(),
  heard_id: Nullable(Mark),
  messages: Type.Array(KeptMessage),
});
export type ChatSnapshot = Static<typeof ChatSnapshot>;

/** What a client that starts again goes on from: plain data, for JSON or IndexedDB. */
export interface Snapshot {
  format: typeof SNAPSHOT_FORMAT;
  user_id: number;
  chats: ChatSnapshot[];
}

/** Messages of a chat that are kept apart from the rest of its snapshot, which has the newest alone. */
export interface KeptMessages {
  chat_id: number;
  /** That of the snapshot that they are of. */
  version: number;
  /** They are checked once they are wanted. */
  messages: readonly unknown[];
}

/** A chat whose messages are checked when they are wanted: most are not, and there are many. */
const UncheckedChat = Type.Object({ ...ChatSnapshot.properties, messages: Type.Array(Type.Unknown()) });

/** A {@link Snapshot} that comes back from outside. */
export const UncheckedSnapshot = Type.Object({
  format: Type.Literal(SNAPSHOT_FORMAT),
  user_id: UserId,
  chats: Type.Array(UncheckedChat),
});

export function snapshotOf(userId: number, chats: ChatSnapshot[]): Snapshot {
  return { format: SNAPSHOT_FORMAT, user_id: userId, chats };
}

/**
 * A chat, with the newest of its messages that are held. Undefined until the chat is known well enough to go on from.
 *
 * @param newest how many messages at most; leaving some out is harmless, they are read again.
 */
export function snapshotChat(record: ChatRecord, newest: number): ChatSnapshot | undefined {
  if (record.version === 0 || record.info === undefined || record.peer === undefined || !record.detailed)
    return undefined;
  unpack(record);
  const ids = newest === 0 ? [] : record.ids.slice(-newest);
  return {
    id: record.id,
    version: record.version,
    info: record.info,
    peer: record.peer,
    last_message_id: record.lastMessageId,
    last_message_at: record.lastMessageAt ?? null,
    own_read_id: record.ownReadId,
    wanted_read_id: record.wantedReadId,
    marked_unread_id: record.unreadFromId,
    settings: record.settings,
    delivered_id: record.deliveredId,
    others_read_id: record.othersReadId,
    others_delivered_id: record.othersDeliveredId,
    members: [...record.members].map(([userId, { version, present }]) => [userId, version, present]),
    members_known: record.membersKnown,
    heard_id: record.heardEarly.size === 0 ? (record.heardId ?? null) : null,
    messages: ids.flatMap((id) => record.messages.get(id) ?? []),
  };
}

/** Takes in the messages of the snapshot that the chat began with, before anything is asked of its messages. */
export function unpack(record: ChatRecord): void {
  const { packed, keptVersion } = record;
  if (packed.length === 0) return;
  record.packed = [];
  for (const message of packed) {
    const kept = keptMessage(message);
    if (kept === undefined) continue;
    if (record.messages.has(kept.id) || !mayBeOutdated(record, kept, keptVersion)) insertMessage(record, kept);
  }
}

/**
 * A message that comes back from outside; undefined: it is none. One that an earlier release kept lacks what messages
 * have had since, and had nothing of it: what was changed later comes with a newer version.
 */
function keptMessage(message: unknown): MessageState | undefined {
  const whole = typeof message === 'object' ? { ...NOT_KEPT_ONCE, ...message } : message;
  return fits(KeptMessage, whole) ? whole : undefined;
}

/**
 * Adds messages that were kept apart to a chat that began with the rest of its snapshot. Since then it was told of every
 * change, so they are like a page that was asked for at the start. False: they are none that may be taken.
 */
export function addKept(record: ChatRecord, { version, messages }: KeptMessages): boolean {
  // Older ones, as another tab may have written them, lack changes that this chat will not be told of again.
  if (record.keptVersion === 0 || version < record.keptVersion) return false;
  unpack(record);
  record.packed = messages;
  return true;
}

export function recordFrom(chat: Static<typeof UncheckedChat>): ChatRecord {
  const record: ChatRecord = {
    ...newRecord(chat.id),
    version: chat.version,
    info: chat.info,
    peer: chat.peer,
    detailed: true,
    ownReadId: chat.own_read_id,
    wantedReadId: chat.wanted_read_id,
    unreadFromId: chat.marked_unread_id,
    ...(chat.settings === undefined ? {} : { settings: chat.settings }),
    deliveredId: chat.delivered_id,
    othersReadId: chat.others_read_id,
    othersDeliveredId: chat.others_delivered_id,
    members: new Map(chat.members.map(([userId, version, present]) => [userId, { version, present }])),
    membersKnown: chat.members_known,
    heardId: chat.heard_id ?? undefined,
    keptVersion: chat.version,
  };
  // The newest one is what the list shows.
  const newest = keptMessage(chat.messages.at(-1));
  if (newest !== undefined) insertMessage(record, newest);
  record.packed = chat.messages.slice(0, -1);
  record.lastMessageId = chat.last_message_id;
  record.lastMessageAt = chat.last_message_at ?? undefined;
  return record;
}
