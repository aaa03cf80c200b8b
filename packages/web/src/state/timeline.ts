import type { MessageKey } from '@beseda/client/client.ts';
import type { Outgoing } from '@beseda/client/queue/outgoing.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { MessageFile } from '@beseda/protocol/files.ts';

/** How far one's own message has come. */
export type Mark = 'sending' | 'sent' | 'delivered' | 'read' | 'failed';

/** A message as the conversation shows it. */
export interface MessageItem {
  kind: 'message';
  /** Stays while the message goes from being sent to being stored. */
  key: string;
  id: MessageKey;
  senderId: number;
  mine: boolean;
  text: string;
  at: string;
  edited: boolean;
  deleted: boolean;
  /** It is pinned for all in the chat. */
  pinned: boolean;
  /** Whose words those are, where it was forwarded. */
  forwardedFrom: number | undefined;
  replyTo: { id: number; sender_id: number | undefined } | null;
  reactions: MessageState['reactions'];
  files: readonly MessageFile[];
  /** The first of a run by one sender. */
  first: boolean;
  last: boolean;
  /** Undefined for those of others. */
  mark: Mark | undefined;
  /** Why the server refused it. */
  failure: string | undefined;
}

export type Item =
  /** The beginning of the chat. */
  | { kind: 'start'; key: string }
  | { kind: 'day'; key: string; at: string }
  /** What follows was not read when the chat was opened. */
  | { kind: 'new'; key: string }
  | MessageItem;

export interface TimelineInput {
  /** One run of the chat, oldest first. */
  messages: readonly MessageState[];
  /** Those on their way that follow it. */
  pending: readonly Outgoing[];
  begins: boolean;
  self: number;
  /** All messages up to this one have been read by someone else. */
  othersReadId: number;
  /** All messages up to this one have reached a device of someone else. */
  othersDeliveredId: number;
  /** Where the line of what is new goes; undefined: nowhere. */
  firstNewId: number | undefined;
  /** The day of a moment, such as `2026-11-22`, where the reader is. */
  dayOf: (at: string) => string;
}

/** One and the same, so that what has none stays as it is drawn. */
const NO_FILES: readonly MessageFile[] = [];

/** Messages of one sender further apart are two runs, in milliseconds. */
const RUN_MS = 5 * 60_000;

/** Everything between the top and the bottom of a conversation. */
export function timeline(input: TimelineInput): Item[] {
  const { firstNewId, dayOf } = input;
  const stored = new Set(input.messages.map(({ client_id: id }) => id));
  const messages = [
    ...input.messages.map((message) => fromStored(message, input)),
    ...input.pending.filter((item) => !item.dropped && !stored.has(item.client_id)).map(fromPending),
  ];
  const items: Item[] = input.begins ? [{ kind: 'start', key: 'start' }] : [];
  let previous: MessageItem | undefined;
  let previousDay: string | undefined;
  for (const message of messages) {
    const day = dayOf(message.at);
    const newDay = previousDay !== day;
    const isNew = message.id === firstNewId;
    if (newDay) items.push({ kind: 'day', key: `day ${day}`, at: message.at });
    if (isNew) items.push({ kind: 'new', key: 'new' });
    if (previous !== undefined && !newDay && !isNew && together(previous, message)) previous.last = false;
    else message.first = true;
    items.push(message);
    previous = message;
    previousDay = day;
  }
  return items;
}

/** Whether one may give it another text: one's own, unless those are somebody else's words. */
export function mayEdit({ mine, deleted, forwardedFrom }: MessageItem): boolean {
  return mine && !deleted && forwardedFrom === undefined;
}

function together(one: MessageItem, next: MessageItem): boolean {
  return one.senderId === next.senderId && Date.parse(next.at) - Date.parse(one.at) < RUN_MS;
}

function fromStored(message: MessageState, input: TimelineInput): MessageItem {
  const mine = message.sender_id === input.self;
  return {
    kind: 'message',
    key: mine && message.client_id !== null ? message.client_id : `message ${message.id}`,
    id: message.id,
    senderId: message.sender_id,
    mine,
    text: message.text,
    at: message.created_at,
    edited: message.edited_at !== null,
    deleted: message.deleted_at !== null,
    pinned: message.pinned_at !== null,
    forwardedFrom: message.forwarded_from?.sender_id,
    replyTo: message.reply_to,
    reactions: message.reactions,
    files: message.files,
    first: false,
    last: true,
    mark: mine ? markOf(message.id, input) : undefined,
    failure: undefined,
  };
}

function markOf(id: number, { othersReadId, othersDeliveredId }: TimelineInput): Mark {
  if (id <= othersReadId) return 'read';
  return id <= othersDeliveredId ? 'delivered' : 'sent';
}

function fromPending(item: Outgoing): MessageItem {
  return {
    kind: 'message',
    key: item.client_id,
    id: item.client_id,
    senderId: item.sender_id,
    mine: true,
    text: item.edited ?? item.text,
    at: item.created_at,
    edited: false,
    deleted: false,
    pinned: false,
    forwardedFrom: undefined,
    replyTo: item.reply_to === null ? null : { id: item.reply_to, sender_id: undefined },
    reactions: item.reactions.map((emoji) => ({ emoji, count: 1, user_ids: [item.sender_id] })),
    files: item.files ?? NO_FILES,
    first: false,
    last: true,
    mark: item.failure === null ? 'sending' : 'failed',
    failure: item.failure?.detail,
  };
}
