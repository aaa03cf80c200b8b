import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import type { Findings } from '../findings.ts';
import { digestOf } from './digest.ts';

/** What a device holds of a chat, by what it was told. */
export interface HeldChat {
  version: number;
  /** Whether what comes is the next change, and not part of what a sync tells. */
  live: boolean;
  name: string | null;
  infoVersion: number;
  members: Map<number, { version: number; left: boolean }>;
  messages: Map<number, { version: number; digest: string }>;
}

/**
 * The state of one device, put together frame by frame by the letter of the protocol, and judged at that. It knows
 * nothing of the client package, whose faults it must not share.
 */
export interface HeldState {
  readonly chats: ReadonlyMap<number, HeldChat>;
  /** The highest version of a chat that has ever reached the device, whatever it holds now. */
  highest(chatId: number): number;
  /** A connection begins: what comes first answers the sync. */
  connected(): void;
  apply(frame: SocketDownFrame): void;
  /** What was read of a chat over REST: newer versions win. */
  merge(chatId: number, history: readonly { id: number; version: number }[], memberIds: readonly number[]): void;
  /** For `sync`. */
  since(): Record<string, number>;
}

/**
 * @param name of the device, for findings.
 * @param incomplete told of chats that it begins to hold without their history.
 */
export function createHeldState(name: string, findings: Findings, incomplete: (chatId: number) => void): HeldState {
  const chats = new Map<number, HeldChat>();
  const highest = new Map<number, number>();
  let selfId = 0;
  let syncing = true;
  /** By chat, what the sync under way has told so far. */
  let told = new Map<number, number>();

  function begin(chatId: number): HeldChat {
    const chat: HeldChat = {
      version: 0,
      live: false,
      name: null,
      infoVersion: 0,
      members: new Map(),
      messages: new Map(),
    };
    chats.set(chatId, chat);
    incomplete(chatId);
    return chat;
  }

  /** The chat that a versioned frame belongs to, once it is judged whether it may come now. */
  function admit(chatId: number, version: number, isChat: boolean): HeldChat | undefined {
    highest.set(chatId, Math.max(version, highest.get(chatId) ?? 0));
    const chat = chats.get(chatId);
    if (syncing) {
      const before = told.get(chatId) ?? chat?.version ?? 0;
      if (version <= before) {
        findings.report('order', `${name}: a sync told version ${version} of chat ${chatId} after ${before}`);
      }
      told.set(chatId, version);
      return chat ?? begin(chatId);
    }
    if (chat === undefined) {
      if (isChat) return begin(chatId);
      findings.report('fence', `${name}: version ${version} of chat ${chatId}, which it was not let into`);
      return undefined;
    }
    if (!chat.live) {
      findings.report('order', `${name}: version ${version} of chat ${chatId} before it was told where it begins`);
    } else if (version <= chat.version) {
      findings.report('order', `${name}: version ${version} of chat ${chatId} live after ${chat.version}`);
    }
    chat.version = Math.max(chat.version, version);
    return chat;
  }

  function synced(frame: Extract<SocketDownFrame, { type: 'synced' }>): void {
    const versions = new Map(Object.entries(frame.versions).map(([id, version]) => [Number(id), version]));
    for (const [chatId, version] of versions) {
      const chat = chats.get(chatId) ?? begin(chatId);
      if (version < chat.version) {
        findings.report('order', `${name}: chat ${chatId} goes back from version ${chat.version} to ${version}`);
      }
      Object.assign(chat, { version, live: true });
    }
    if (!frame.complete) return;
    for (const chatId of chats.keys()) if (!versions.has(chatId)) chats.delete(chatId);
    syncing = false;
  }

  function apply(frame: SocketDownFrame): void {
    switch (frame.type) {
      case 'hello':
        selfId = frame.user_id;
        break;
      case 'message': {
        const chat = admit(frame.chat_id, frame.version, false);
        if (chat !== undefined) keepNewer(chat.messages, frame.id, frame.version, () => digestOf(frame));
        break;
      }
      case 'member': {
        if (frame.user_id === selfId && frame.left_at !== null) {
          highest.set(frame.chat_id, Math.max(frame.version, highest.get(frame.chat_id) ?? 0));
          chats.delete(frame.chat_id);
          break;
        }
        const chat = admit(frame.chat_id, frame.version, false);
        const known = chat?.members.get(frame.user_id)?.version ?? -1;
        if (known < frame.version) {
          chat?.members.set(frame.user_id, { version: frame.version, left: frame.left_at !== null });
        }
        break;
      }
      case 'chat': {
        const chat = admit(frame.chat_id, frame.version, true);
        if (chat !== undefined && frame.version > chat.infoVersion) {
          Object.assign(chat, { name: frame.name, infoVersion: frame.version });
        }
        break;
      }
      case 'read':
      case 'delivered':
      case 'typing':
      case 'online':
        if (!syncing && !chats.has(frame.chat_id)) {
          findings.report('fence', `${name}: ${frame.type} of chat ${frame.chat_id}, which it was not let into`);
        }
        break;
      case 'reset':
        chats.delete(frame.chat_id);
        if (syncing) begin(frame.chat_id);
        break;
      case 'synced':
        synced(frame);
        break;
      case 'unread':
      case 'settings':
      case 'presence':
      case 'ack':
      case 'error':
      case 'pong':
        break;
    }
  }

  return {
    chats,
    highest: (chatId) => highest.get(chatId) ?? 0,
    connected() {
      syncing = true;
      told = new Map();
    },
    apply,
    merge(chatId, history, memberIds) {
      const chat = chats.get(chatId);
      for (const message of history) {
        if (chat !== undefined) keepNewer(chat.messages, message.id, message.version, () => digestOf(message));
      }
      for (const id of memberIds)
        if (chat?.members.has(id) === false) chat.members.set(id, { version: 0, left: false });
    },
    since: () => Object.fromEntries([...chats].map(([id, { version }]) => [id, version])),
  };
}

function keepNewer(messages: HeldChat['messages'], id: number, version: number, digest: () => string): void {
  if ((messages.get(id)?.version ?? -1) < version) messages.set(id, { version, digest: digest() });
}
