import type { ChatFrame, MessageFrame } from '@beseda/protocol/frames.ts';
import type { ChatSettings, UpdateChatSettings } from '@beseda/protocol/settings.ts';
import type { User } from '@beseda/protocol/users.ts';
import type { LetGo } from './holding.ts';
import type { HeldPins } from './pins.ts';

/** A message as it stands: what every `message` frame tells. */
export type MessageState = Omit<MessageFrame, 'type'>;

/** What a chat is called and whose it is. */
export type ChatInfo = Omit<ChatFrame, 'type' | 'chat_id'>;

/** All that is held of one chat. */
export interface ChatRecord {
  readonly id: number;
  /** Every change up to this one is held, of the messages and members that are held at all; 0: not known yet. */
  version: number;
  /** The connection is past the sync for this chat: what comes is the next. */
  live: boolean;
  info: ChatInfo | undefined;
  /** The other person of a personal chat; undefined: not told yet. */
  peer: User | null | undefined;
  /** What REST alone tells has been told: the newest message, the peer. */
  detailed: boolean;
  /** It is to be read (again). */
  detailsDue: boolean;
  lastMessageId: number;
  /** When the newest message was sent. */
  lastMessageAt: string | undefined;
  /** The own reading mark, as far as the server is known to have it. */
  ownReadId: number;
  /** Up to where the user has read here and the server has still to be told; 0: it knows. */
  wantedReadId: number;
  /** The user has marked the chat as unread from this message on; null: they have not. */
  unreadFromId: number | null;
  /** The sync under way has told of that; one that tells nothing of it says that there is no such mark. */
  unreadTold: boolean;
  /** How the user has set the chat. Another object with each time it is told, so that one knows whether it was. */
  settings: Readonly<ChatSettings>;
  /** The sync under way has told of them; one that tells nothing of them says that neither is set. */
  settingsTold: boolean;
  /** How the user sets the chat here, and the server is still being told; the latest last. */
  wantedSettings: readonly UpdateChatSettings[];
  /** Messages up to this one have reached one of the user's devices, as far as the server is known to have it. */
  deliveredId: number;
  /** Someone else has read up to this message at least. */
  othersReadId: number;
  /** Messages up to this one at least have reached a device of someone else. */
  othersDeliveredId: number;
  /** By user, with the version that this is known from. */
  members: Map<number, { version: number; present: boolean }>;
  membersKnown: boolean;
  messages: Map<number, MessageState>;
  /** The ids of the messages that are held, smallest first. */
  ids: number[];
  /** Its pinned messages; undefined until somebody wants them. */
  pins: HeldPins | undefined;
  /** Messages of an earlier snapshot that nobody has asked for yet, and that are not checked yet. */
  packed: readonly unknown[];
  /** The version that it had in the snapshot; 0: it was in none, or was begun anew since. */
  keptVersion: number;
  /** What was held once and is not any more, the oldest first. */
  letGo: LetGo[];
  /** The socket has told of every new message up to this one; undefined: not known where it begins. */
  heardId: number | undefined;
  /** New messages past {@link heardId} that the socket has told out of their order. */
  heardEarly: Set<number>;
}

/** As many new messages may come before one that was sent earlier: more than a server tells at once. */
const MAX_EARLY = 2000;

export function newRecord(id: number): ChatRecord {
  return {
    id,
    version: 0,
    live: false,
    info: undefined,
    peer: undefined,
    detailed: false,
    detailsDue: true,
    lastMessageId: 0,
    lastMessageAt: undefined,
    ownReadId: 0,
    wantedReadId: 0,
    unreadFromId: null,
    unreadTold: false,
    settings: { muted: false, pinned: false },
    settingsTold: false,
    wantedSettings: [],
    deliveredId: 0,
    othersReadId: 0,
    othersDeliveredId: 0,
    members: new Map(),
    membersKnown: false,
    messages: new Map(),
    ids: [],
    pins: undefined,
    packed: [],
    keptVersion: 0,
    letGo: [],
    heardId: undefined,
    heardEarly: new Set(),
  };
}

/** The chat with what may be out of date let go: what is left is shown until it is told anew. */
export function renewedRecord(old: ChatRecord): ChatRecord {
  return {
    ...newRecord(old.id),
    info: old.info,
    peer: old.peer,
    detailed: old.detailed,
    lastMessageId: old.lastMessageId,
    lastMessageAt: old.lastMessageAt,
    ownReadId: old.ownReadId,
    wantedReadId: old.wantedReadId,
    unreadFromId: old.unreadFromId,
    unreadTold: old.unreadTold,
    settings: old.settings,
    settingsTold: old.settingsTold,
    wantedSettings: old.wantedSettings,
    deliveredId: old.deliveredId,
    othersReadId: old.othersReadId,
    othersDeliveredId: old.othersDeliveredId,
  };
}

/** Takes a message in where it is newer than what is held. */
export function insertMessage(record: ChatRecord, message: MessageState): boolean {
  const held = record.messages.get(message.id);
  if (held !== undefined && held.version >= message.version) return false;
  record.messages.set(message.id, message);
  if (held === undefined) insertId(record.ids, message.id);
  if (message.id >= record.lastMessageId) {
    record.lastMessageId = message.id;
    record.lastMessageAt = message.created_at;
  }
  return true;
}

/** Whether this is the first that the socket tells of a new message. Frames may tell new ones out of their order. */
export function heardFirst(record: ChatRecord, message: MessageState): boolean {
  if (record.heardId === undefined) {
    // Whether it is a new message or an old one that was changed, its state alone can tell.
    if (message.edited_at !== null || message.deleted_at !== null || message.reactions.length > 0) return false;
    if (message.pinned_at !== null) return false;
    record.heardId = message.id - 1;
  }
  if (message.id <= record.heardId || record.heardEarly.has(message.id)) return false;
  record.heardEarly.add(message.id);
  // One that never comes is not waited for without end.
  if (record.heardEarly.size > MAX_EARLY) record.heardId = Math.min(...record.heardEarly) - 1;
  while (record.heardEarly.delete(record.heardId + 1)) record.heardId += 1;
  return true;
}

/** Pages are inserted in any order and live messages at the end. */
function insertId(ids: number[], id: number): void {
  let low = 0;
  let high = ids.length;
  if (high > 0 && (ids[high - 1] ?? 0) < id) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  ids.splice(low, 0, id);
}
