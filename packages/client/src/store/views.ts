import type { ChatSettings } from '@beseda/protocol/settings.ts';
import type { User } from '@beseda/protocol/users.ts';
import type { Outgoing } from '../queue/outgoing.ts';
import type { ChatRecord, MessageState } from './chat-record.ts';

/** A chat as its member sees it, without its messages. */
export interface ChatView {
  readonly id: number;
  /** The group's name, or the name of the other person; empty in the chat with oneself. */
  readonly name: string;
  readonly is_group: boolean;
  readonly creator_id: number | null;
  /** The other person of a personal chat; null in the one with oneself. */
  readonly peer: User | null;
  readonly created_at: string;
  readonly last_message_id: number;
  readonly last_message: MessageState | undefined;
  /** The own reading mark. */
  readonly last_read_id: number;
  /** The message from which on the user has marked the chat as unread; null: none. */
  readonly marked_unread_id: number | null;
  /** Messages past the own mark, or from the one on that is marked as unread, whichever are more. */
  readonly unread_count: number;
  /** The user wants no notifications of it. */
  readonly muted: boolean;
  /** The user keeps it on top of the list. The inbox is in the order of activity all the same. */
  readonly pinned: boolean;
  /** Someone else has read all messages up to this one: an own one up to here is read. */
  readonly others_read_id: number;
  /** All messages up to this one have reached a device of someone else. */
  readonly others_delivered_id: number;
}

/** The messages of a chat that are held. */
export interface ChatMessages {
  /** Runs of consecutive messages, oldest first; between two runs lie messages that are not held. */
  readonly runs: readonly (readonly MessageState[])[];
  /** The first message of the chat is held. */
  readonly begins: boolean;
  /** The newest message of the chat is held; where there is none, nothing is lacking. */
  readonly ends: boolean;
  /** The user's own messages on their way, in the order in which they were written. */
  readonly pending: readonly Outgoing[];
}

/** Undefined until enough is known to show the chat. */
export function chatView(record: ChatRecord): ChatView | undefined {
  const { info, peer } = record;
  if (info === undefined || !record.detailed || peer === undefined) return undefined;
  const lastReadId = Math.max(record.ownReadId, record.wantedReadId);
  const { unreadFromId } = record;
  // Reading up to there takes it back, on the server once it is told.
  const markedId = unreadFromId !== null && record.wantedReadId >= unreadFromId ? null : unreadFromId;
  const { muted, pinned } = settingsOf(record);
  return {
    id: record.id,
    name: info.name ?? peer?.display_name ?? peer?.username ?? '',
    is_group: info.is_group,
    creator_id: info.creator_id,
    peer,
    created_at: info.created_at,
    last_message_id: record.lastMessageId,
    last_message: record.messages.get(record.lastMessageId),
    last_read_id: lastReadId,
    marked_unread_id: markedId,
    unread_count: Math.max(0, record.lastMessageId - Math.min(lastReadId, (markedId ?? Infinity) - 1)),
    muted,
    pinned,
    others_read_id: record.othersReadId,
    others_delivered_id: Math.max(record.othersReadId, record.othersDeliveredId),
  };
}

/** How the user has set the chat, what the server is still being told included. */
function settingsOf({ settings, wantedSettings }: ChatRecord): ChatSettings {
  let { muted, pinned } = settings;
  for (const change of wantedSettings) {
    muted = change.muted ?? muted;
    pinned = change.pinned ?? pinned;
  }
  return { muted, pinned };
}

export function chatMessages(record: ChatRecord, pending: readonly Outgoing[]): ChatMessages {
  const runs: MessageState[][] = [];
  let previous = Number.NaN;
  for (const id of record.ids) {
    const message = record.messages.get(id);
    if (message === undefined) continue;
    if (id === previous + 1) runs.at(-1)?.push(message);
    else runs.push([message]);
    previous = id;
  }
  return {
    runs,
    begins: record.lastMessageId === 0 ? record.detailed : record.ids[0] === 1,
    ends: record.lastMessageId === 0 ? record.detailed : record.ids.at(-1) === record.lastMessageId,
    pending,
  };
}

/** The latest activity first, as the server has it. */
export function inboxOrder(records: Iterable<ChatRecord>): ChatRecord[] {
  return [...records].toSorted((a, b) => {
    const [first, second] = [activity(a), activity(b)];
    if (first === second) return b.id - a.id;
    return first < second ? 1 : -1;
  });
}

/** All moments on the wire are UTC with milliseconds, so they sort as texts. */
function activity(record: ChatRecord): string {
  return record.lastMessageAt ?? record.info?.created_at ?? '';
}

/** Who is in a chat, smallest id first. */
export function memberIds(record: ChatRecord): number[] | undefined {
  if (!record.membersKnown) return undefined;
  return [...record.members].flatMap(([userId, { present }]) => (present ? [userId] : [])).toSorted((a, b) => a - b);
}
