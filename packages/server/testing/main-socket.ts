import type { ChatSettings } from '@beseda/protocol/settings.ts';
import { connectSocket, type Frame, type TestSocket } from './chat-socket.ts';

/** What a client of the one socket for everything holds of a chat, by what it was told. */
export interface HeldChat {
  /** All changes up to this one are held. */
  version: number;
  /** Whether the connection is past the sync for this chat, so that what comes is the next. */
  live: boolean;
  chat: Frame | undefined;
  messages: Map<number, Frame>;
  members: Map<number, Frame>;
  /** Reading marks by user, its own among them. */
  read: Map<number, number>;
  delivered: Map<number, number>;
  /** The message from which on it is marked as unread. */
  unreadFrom: number | null;
  settings: ChatSettings;
}

const NOT_SET: ChatSettings = { muted: false, pinned: false };

export function emptyChat(): HeldChat {
  return {
    version: 0,
    live: false,
    chat: undefined,
    messages: new Map(),
    members: new Map(),
    read: new Map(),
    delivered: new Map(),
    unreadFrom: null,
    settings: NOT_SET,
  };
}

/** A client that applies what it is told, as any client would: by version, newest wins. */
export interface MainClient extends TestSocket {
  readonly held: Map<number, HeldChat>;
  /** Asks for what it lacks, and settles once it has it. */
  sync(): Promise<void>;
}

/** Frames that stand for no lasting state, and come in no order with others. */
const ABOUT_PEOPLE = new Set(['typing', 'presence', 'online']);

/** Connects to `/ws` and signs in. */
export async function connectToMain(
  server: { url: string },
  token: string,
  held = new Map<number, HeldChat>(),
): Promise<MainClient> {
  for (const chat of held.values()) chat.live = false;
  const self = { id: 0 };
  const socket = await connectSocket(server, '/ws', (frame) => apply(held, frame, self));
  socket.send({ type: 'auth', token, ref: 'auth' });
  await socket.next((frame) => frame.type === 'hello');
  let syncs = 0;
  return {
    ...socket,
    // What is told of people comes when it comes: who waits for it asks for it.
    next: async (accept = (frame) => !ABOUT_PEOPLE.has(frame.type)) => socket.next(accept),
    held,
    async sync() {
      syncs += 1;
      const ref = `sync ${syncs}`;
      const since = Object.fromEntries([...held].map(([chatId, { version }]) => [chatId, version]));
      // Those that stand are told again.
      for (const chat of held.values()) Object.assign(chat, { unreadFrom: null, settings: NOT_SET });
      socket.send({ type: 'sync', since, ref });
      for (let frame = await socket.next(); frame['ref'] !== ref;) frame = await socket.next();
    },
  };
}

function apply(held: Map<number, HeldChat>, frame: Frame, self: { id: number }): void {
  switch (frame.type) {
    case 'hello':
      self.id = Number(frame['user_id']);
      break;
    case 'chat':
      newest(chatOf(held, frame), 'chat', frame);
      break;
    case 'message':
      keepNewest(chatOf(held, frame).messages, Number(frame['id']), frame);
      reach(chatOf(held, frame), frame);
      break;
    case 'member':
      // Shown out: nothing of the chat is the client's to keep.
      if (frame['user_id'] === self.id && frame['left_at'] !== null) {
        held.delete(Number(frame['chat_id']));
        break;
      }
      keepNewest(chatOf(held, frame).members, Number(frame['user_id']), frame);
      reach(chatOf(held, frame), frame);
      break;
    case 'read':
      raise(chatOf(held, frame).read, Number(frame['reader_id']), frame);
      break;
    case 'delivered':
      raise(chatOf(held, frame).delivered, Number(frame['user_id']), frame);
      break;
    case 'unread':
      chatOf(held, frame).unreadFrom = frame['message_id'] === null ? null : Number(frame['message_id']);
      break;
    case 'settings':
      chatOf(held, frame).settings = { muted: frame['muted'] === true, pinned: frame['pinned'] === true };
      break;
    case 'reset':
      held.delete(Number(frame['chat_id']));
      break;
    case 'synced':
      applySynced(held, frame);
      break;
    default:
  }
}

function applySynced(held: Map<number, HeldChat>, frame: Frame): void {
  const versions = new Map(
    Object.entries(Object(frame['versions'])).map(([chatId, version]) => [Number(chatId), Number(version)]),
  );
  for (const [chatId, version] of versions) {
    Object.assign(chatOf(held, { ...frame, chat_id: chatId }), { version, live: true });
  }
  if (frame['complete'] !== true) return;
  for (const chatId of held.keys()) if (!versions.has(chatId)) held.delete(chatId);
}

function chatOf(held: Map<number, HeldChat>, frame: Frame): HeldChat {
  const chatId = Number(frame['chat_id']);
  const chat = held.get(chatId) ?? emptyChat();
  held.set(chatId, chat);
  return chat;
}

function newest(chat: HeldChat, field: 'chat', frame: Frame): void {
  if (Number(chat[field]?.['version'] ?? -1) < Number(frame['version'])) chat[field] = frame;
  reach(chat, frame);
}

function keepNewest(rows: Map<number, Frame>, key: number, frame: Frame): void {
  if (Number(rows.get(key)?.['version'] ?? -1) < Number(frame['version'])) rows.set(key, frame);
}

/** Marks only grow. */
function raise(marks: Map<number, number>, userId: number, frame: Frame): void {
  marks.set(userId, Math.max(marks.get(userId) ?? 0, Number(frame['message_id'])));
}

/** Live frames come in order and without gaps, so each is how far the client is; what a sync tells is so at its end. */
function reach(chat: HeldChat, frame: Frame): void {
  if (chat.live) chat.version = Math.max(chat.version, Number(frame['version']));
}
