import type { MemberFrame } from '@beseda/protocol/frames.ts';
import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import { applyMark, marksSynced } from './apply-mark.ts';
import {
  heardFirst,
  insertMessage,
  newRecord,
  renewedRecord,
  type ChatRecord,
  type MessageState,
} from './chat-record.ts';
import { heardOfPin } from './pins.ts';
import { unpack } from './snapshot.ts';
import type { Topic } from './topics.ts';

/** All chats, and who looks at them. */
export interface StoreState {
  /** 0: not known yet. */
  self: number;
  /** All chats have been told once. */
  synced: boolean;
  readonly chats: Map<number, ChatRecord>;
}

/** Who hears of what frames change. */
export interface Hearing {
  touch: (topic: Topic) => void;
  /** The socket tells of a message for the first time. */
  arrived: (message: MessageState) => void;
  /** One of the user's own messages is held now. */
  ownStored: (clientId: string, messageId: number) => void;
  /** All of the chat up to now has come; what only REST tells of it should be read. */
  caughtUp: (chatIds: readonly number[]) => void;
}

/** What frames change in the store; newest wins, whatever was drawn from elsewhere meanwhile. */
export function applyFrame(state: StoreState, frame: SocketDownFrame, hearing: Hearing): void {
  switch (frame.type) {
    case 'message': {
      const { type: _, ...message } = frame;
      const record = recordOf(state, frame.chat_id);
      applyMessage(state, record, message, hearing);
      reach(record, frame.version);
      if (heardFirst(record, message)) hearing.arrived(message);
      break;
    }
    case 'member':
      applyMember(state, frame, hearing);
      break;
    case 'chat': {
      const { type: _, chat_id: chatId, ...info } = frame;
      const record = recordOf(state, chatId);
      if ((record.info?.version ?? -1) < info.version) record.info = info;
      reach(record, info.version);
      touchChat(record, hearing);
      break;
    }
    case 'read':
    case 'delivered':
    case 'unread':
    case 'settings': {
      const record = recordOf(state, frame.chat_id);
      applyMark(record, frame, state.self);
      touchChat(record, hearing);
      break;
    }
    case 'reset':
      renew(state, frame.chat_id, hearing);
      break;
    case 'synced':
      applySynced(state, frame.versions, frame.complete, hearing);
      break;
    // What is true for the moment is kept elsewhere.
    case 'typing':
    case 'presence':
    case 'online':
    case 'hello':
    case 'ack':
    case 'error':
    case 'pong':
  }
}

/** Takes in a message wherever it was read. */
export function applyMessage(state: StoreState, record: ChatRecord, message: MessageState, hearing: Hearing): void {
  unpack(record);
  const lastAt = record.lastMessageAt;
  if (!insertMessage(record, message)) return;
  hearing.touch({ of: 'messages', chatId: record.id });
  hearing.touch({ of: 'message', chatId: record.id, messageId: message.id });
  if (heardOfPin(record, message)) hearing.touch({ of: 'pins', chatId: record.id });
  if (message.id === record.lastMessageId || lastAt !== record.lastMessageAt) touchChat(record, hearing);
  if (message.sender_id === state.self && message.client_id !== null) hearing.ownStored(message.client_id, message.id);
}

/** Lets go of what is held of a chat and may be out of date. */
export function renew(state: StoreState, chatId: number, hearing: Hearing): void {
  const old = state.chats.get(chatId);
  if (old === undefined) return;
  const record = renewedRecord(old);
  state.chats.set(chatId, record);
  touchAll(record, hearing);
}

/** All that is held of a chat goes: it is not the user's any more. */
export function dropChat(state: StoreState, chatId: number, hearing: Hearing): void {
  const record = state.chats.get(chatId);
  if (record === undefined) return;
  state.chats.delete(chatId);
  touchAll(record, hearing);
}

function applyMember(state: StoreState, frame: MemberFrame, hearing: Hearing): void {
  const present = frame.left_at === null;
  if (frame.user_id === state.self && !present) {
    dropChat(state, frame.chat_id, hearing);
    return;
  }
  const record = recordOf(state, frame.chat_id);
  const held = record.members.get(frame.user_id);
  if ((held?.version ?? -1) < frame.version) {
    record.members.set(frame.user_id, { version: frame.version, present });
    hearing.touch({ of: 'members', chatId: record.id });
  }
  reach(record, frame.version);
}

function applySynced(
  state: StoreState,
  versions: Readonly<Record<string, number>>,
  complete: boolean,
  hearing: Hearing,
): void {
  const chatIds = Object.keys(versions).map(Number);
  for (const chatId of chatIds) {
    const record = recordOf(state, chatId);
    record.version = versions[chatId] ?? record.version;
    record.live = true;
    marksSynced(record);
    touchChat(record, hearing);
  }
  if (complete) {
    const present = new Set(chatIds);
    for (const chatId of state.chats.keys()) if (!present.has(chatId)) dropChat(state, chatId, hearing);
    state.synced = true;
    hearing.touch({ of: 'inbox' });
  }
  hearing.caughtUp(chatIds);
}

function recordOf(state: StoreState, chatId: number): ChatRecord {
  const record = state.chats.get(chatId) ?? newRecord(chatId);
  state.chats.set(chatId, record);
  return record;
}

/** Live frames come in order and without gaps, so each is how far one is; what a sync tells counts at its end. */
function reach(record: ChatRecord, version: number): void {
  if (record.live) record.version = Math.max(record.version, version);
}

function touchChat(record: ChatRecord, hearing: Hearing): void {
  hearing.touch({ of: 'chat', chatId: record.id });
  hearing.touch({ of: 'inbox' });
}

function touchAll(record: ChatRecord, hearing: Hearing): void {
  touchChat(record, hearing);
  hearing.touch({ of: 'members', chatId: record.id });
  hearing.touch({ of: 'messages', chatId: record.id });
  hearing.touch({ of: 'pins', chatId: record.id });
  for (const messageId of record.ids) hearing.touch({ of: 'message', chatId: record.id, messageId });
}
