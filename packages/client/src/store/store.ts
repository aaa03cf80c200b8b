import type { Message } from '@beseda/protocol/messages.ts';
import type { UpdateChatSettings } from '@beseda/protocol/settings.ts';
import type { Clock } from '../clock.ts';
import { fits } from '../parse.ts';
import type { Outgoing } from '../queue/outgoing.ts';
import { applyFrame, applyMessage, renew, type Hearing, type StoreState } from './apply-frame.ts';
import type { ChatRecord, MessageState } from './chat-record.ts';
import type { Asked, Filling } from './filling.ts';
import { HOLD_LIMITS, letGo, mayBeOutdated, type HoldLimits } from './holding.ts';
import { pinnedMessages, takePins } from './pins.ts';
import { createPresences, type Presence, type Typing } from './presence.ts';
import {
  addKept,
  recordFrom,
  snapshotChat,
  snapshotOf,
  UncheckedSnapshot,
  unpack,
  type ChatSnapshot,
  type Snapshot,
} from './snapshot.ts';
import { createPlaces, type Showing } from './showing.ts';
import { createTopics, type Topic } from './topics.ts';
import { chatMessages, chatView, inboxOrder, memberIds, type ChatMessages, type ChatView } from './views.ts';

/** Chats that one sync names, the last used first: a frame takes 64 KiB, and a chat up to 36 bytes of it. */
const MAX_NAMED = 1500;

/** What a view reads. All it gives are values that never change; a new one comes with each change. */
export interface Store {
  /** All chats, the latest activity first. */
  inbox(): readonly ChatView[];
  /** Whether all chats are known: only then an empty inbox is empty. */
  ready(): boolean;
  chat(chatId: number): ChatView | undefined;
  messages(chatId: number): ChatMessages | undefined;
  /** Says that a view shows some of a chat: that is held, whatever else is let go of. */
  show(chatId: number): Showing;
  message(chatId: number, messageId: number): MessageState | undefined;
  /** Its pinned messages, the one pinned last first; undefined until they were loaded. */
  pins(chatId: number): readonly MessageState[] | undefined;
  /** Who is in a chat, smallest id first; undefined until that was loaded. */
  members(chatId: number): readonly number[] | undefined;
  /** Others who type in a chat at present. */
  typing(chatId: number): Typing;
  presence(userId: number): Presence;
  /** How many members of a large group are online; undefined where that is not told. */
  onlineCount(chatId: number): number | undefined;
  /** Calls back after changes, once for all that came at once. Returns what ends that. */
  watch(topic: Topic, listener: () => void): () => void;
  /** @param messagesPerChat how many of the newest messages of each chat are kept. */
  snapshot(messagesPerChat?: number): Snapshot;
  /** One chat of it; undefined where it is not known well enough yet. */
  snapshotChat(chatId: number, messagesPerChat?: number): ChatSnapshot | undefined;
}

/** The store as the client has it. */
export interface FilledStore extends Store, Filling {}

export interface StoreOptions {
  /** Messages on their way, oldest first. */
  pendingOf: (chatId: number) => readonly Outgoing[];
  schedule: (tell: () => void) => void;
  clock: Clock;
  hearing: Omit<Hearing, 'touch'>;
  /** An earlier {@link Store.snapshot}; one that does not have its shape is not taken. */
  snapshot?: unknown;
  /** How many messages are held; see {@link HOLD_LIMITS}. */
  hold?: HoldLimits;
}

export function createStore(options: StoreOptions): FilledStore {
  const state: StoreState = { self: 0, synced: false, chats: new Map() };
  const topics = createTopics(options.schedule);
  const chatViews = new Map<number, ChatView | undefined>();
  const messageViews = new Map<number, ChatMessages>();
  let inboxView: readonly ChatView[] | undefined;
  const pinViews = new Map<number, readonly MessageState[] | undefined>();
  const memberViews = new Map<number, readonly number[] | undefined>();

  function touch(topic: Topic): void {
    if (topic.of === 'inbox') inboxView = undefined;
    if (topic.of === 'chat') chatViews.delete(topic.chatId);
    if (topic.of === 'messages') messageViews.delete(topic.chatId);
    if (topic.of === 'pins') pinViews.delete(topic.chatId);
    if (topic.of === 'members') memberViews.delete(topic.chatId);
    topics.touch(topic);
  }
  const presences = createPresences(options.clock, touch);
  const hearing: Hearing = {
    ...options.hearing,
    touch,
    arrived(message) {
      presences.wrote(message.chat_id, message.sender_id);
      options.hearing.arrived(message);
    },
  };

  const { snapshot } = options;
  if (fits(UncheckedSnapshot, snapshot)) {
    state.self = snapshot.user_id;
    state.synced = true;
    for (const chat of snapshot.chats) state.chats.set(chat.id, recordFrom(chat));
  }

  function touchChat(chatId: number): void {
    touch({ of: 'chat', chatId });
    touch({ of: 'inbox' });
  }

  const { hold = HOLD_LIMITS } = options;
  const places = createPlaces(hold, bound);

  /** Lets go of what is more than is held of a chat. */
  function bound(chatId: number): void {
    const record = state.chats.get(chatId);
    if (record === undefined) return;
    const near = places.near(chatId);
    const limits = { recent: hold.recent, held: near === undefined ? hold.recent : hold.read };
    const gone = letGo(record, limits, near, places.shown(chatId));
    if (gone.length === 0) return;
    touch({ of: 'messages', chatId });
    for (const messageId of gone) touch({ of: 'message', chatId, messageId });
  }

  function stillThere({ record }: Asked): boolean {
    return state.chats.get(record.id) === record;
  }

  function viewOf(chatId: number): ChatView | undefined {
    const record = state.chats.get(chatId);
    if (record === undefined) return undefined;
    if (!chatViews.has(chatId)) chatViews.set(chatId, chatView(record));
    return chatViews.get(chatId);
  }

  function takeMessage({ record, version }: Asked, { is_read: isRead, ...message }: Message): void {
    if (record.messages.has(message.id) || !mayBeOutdated(record, message, version)) {
      applyMessage(state, record, message, hearing);
    }
    if (!isRead || message.sender_id !== state.self || message.id <= record.othersReadId) return;
    record.othersReadId = message.id;
    touchChat(record.id);
  }

  return {
    get self() {
      return state.self;
    },
    inbox: () => (inboxView ??= inboxOrder(state.chats.values()).flatMap(({ id }) => viewOf(id) ?? [])),
    ready: () => state.synced && [...state.chats.values()].every(({ id }) => viewOf(id) !== undefined),
    chat: viewOf,
    messages(chatId) {
      const record = state.chats.get(chatId);
      if (record === undefined) return undefined;
      unpack(record);
      const view = messageViews.get(chatId) ?? chatMessages(record, options.pendingOf(chatId));
      messageViews.set(chatId, view);
      return view;
    },
    show: (chatId) => places.show(chatId),
    message(chatId, messageId) {
      const record = state.chats.get(chatId);
      if (record !== undefined) unpack(record);
      return record?.messages.get(messageId);
    },
    pins(chatId) {
      const record = state.chats.get(chatId);
      if (record === undefined) return undefined;
      if (!pinViews.has(chatId)) pinViews.set(chatId, pinnedMessages(record));
      return pinViews.get(chatId);
    },
    members(chatId) {
      const record = state.chats.get(chatId);
      if (record === undefined) return undefined;
      if (!memberViews.has(chatId)) memberViews.set(chatId, memberIds(record));
      return memberViews.get(chatId);
    },
    typing: (chatId) => presences.typing(chatId),
    presence: (userId) => presences.of(userId),
    onlineCount: (chatId) => presences.onlineCount(chatId),
    watch: (topic, listener) => topics.watch(topic, listener),
    snapshot: (messagesPerChat = 100) =>
      snapshotOf(
        state.self,
        [...state.chats.values()].flatMap((record) => snapshotChat(record, messagesPerChat) ?? []),
      ),
    snapshotChat(chatId, messagesPerChat = 100) {
      const record = state.chats.get(chatId);
      return record === undefined ? undefined : snapshotChat(record, messagesPerChat);
    },
    belongTo(userId) {
      if (state.self !== userId && state.self !== 0) {
        for (const id of state.chats.keys()) drop(id);
        state.synced = false;
      }
      state.self = userId;
    },
    apply(frame) {
      if (frame.type === 'typing' || frame.type === 'presence' || frame.type === 'online') {
        presences.apply(frame, state.self);
        return;
      }
      applyFrame(state, frame, hearing);
      if (frame.type === 'message') bound(frame.chat_id);
    },
    disconnected() {
      presences.clear();
      for (const record of state.chats.values()) record.live = false;
    },
    since() {
      const known = inboxOrder(state.chats.values()).filter(({ version }) => version > 0);
      const named = new Map(known.slice(0, MAX_NAMED).map(({ id, version }) => [id, version]));
      for (const chatId of state.chats.keys()) if (!named.has(chatId)) renew(state, chatId, hearing);
      return Object.fromEntries(named);
    },
    asking(chatId) {
      const record = state.chats.get(chatId);
      return record === undefined ? undefined : noteOf(record);
    },
    detailsDue: (chatIds) => chatIds.filter((chatId) => state.chats.get(chatId)?.detailsDue === true),
    detailsRead(asked, chat) {
      if (!stillThere(asked)) return;
      const { record } = asked;
      record.peer = chat.peer;
      record.detailed = true;
      record.detailsDue = false;
      if (record.unreadFromId === asked.unreadFromId) record.unreadFromId = chat.marked_unread_id;
      if (record.settings === asked.settings) record.settings = { muted: chat.muted, pinned: chat.pinned };
      if (record.ownReadId === asked.ownReadId) record.ownReadId = chat.last_read_id;
      else record.ownReadId = Math.max(record.ownReadId, chat.last_read_id);
      if (record.heardId === undefined && chat.version === record.version) record.heardId = chat.last_message_id;
      if (chat.last_message !== null) takeMessage(asked, chat.last_message);
      touchChat(record.id);
      touch({ of: 'messages', chatId: record.id });
    },
    pageRead(asked, messages) {
      if (!stillThere(asked)) return;
      for (const message of messages) takeMessage(asked, message);
      const ids = messages.map(({ id }) => id);
      const { id: chatId } = asked.record;
      if (ids.length > 0) places.read(chatId, { low: Math.min(...ids), high: Math.max(...ids) });
      bound(chatId);
    },
    messageRead(asked, message) {
      if (!stillThere(asked)) return;
      takeMessage(asked, message);
      bound(asked.record.id);
    },
    askingPins(chatId) {
      const record = state.chats.get(chatId);
      if (record === undefined) return undefined;
      record.pins ??= { known: false, messages: new Map() };
      return noteOf(record);
    },
    pinsRead(asked, messages) {
      if (!stillThere(asked)) return false;
      const { id: chatId, pins } = asked.record;
      if (pins === undefined) return false;
      takePins(pins, messages);
      touch({ of: 'pins', chatId });
      return true;
    },
    membersRead(asked, userIds) {
      if (!stillThere(asked)) return;
      const { record, version } = asked;
      const present = new Set(userIds);
      // What frames have told since then is as new or newer.
      for (const [userId, held] of record.members) {
        if (held.version <= version) record.members.set(userId, { version, present: present.has(userId) });
      }
      for (const userId of present)
        if (!record.members.has(userId)) record.members.set(userId, { version, present: true });
      record.membersKnown = true;
      touch({ of: 'members', chatId: record.id });
    },
    wantRead(chatId, messageId) {
      const record = state.chats.get(chatId);
      if (record === undefined) return false;
      const takesBack = record.unreadFromId !== null && messageId >= record.unreadFromId;
      if (messageId <= record.wantedReadId || (messageId <= record.ownReadId && !takesBack)) return false;
      record.wantedReadId = messageId;
      touchChat(chatId);
      return true;
    },
    readTaken(chatId, messageId) {
      const record = state.chats.get(chatId);
      if (record === undefined) return;
      record.ownReadId = Math.max(record.ownReadId, messageId);
      // A mark of unread that this took back is told by its frame; one that stands was made after.
      if (record.wantedReadId <= messageId) record.wantedReadId = 0;
      touchChat(chatId);
    },
    readRefused(chatId) {
      const record = state.chats.get(chatId);
      if (record === undefined) return;
      record.wantedReadId = 0;
      touchChat(chatId);
    },
    wantedMarks: () =>
      [...state.chats.values()].flatMap(({ id, wantedReadId }) =>
        wantedReadId > 0 ? [{ chatId: id, messageId: wantedReadId }] : [],
      ),
    wantSettings(chatId, change) {
      const record = state.chats.get(chatId);
      if (record === undefined) return;
      record.wantedSettings = [...record.wantedSettings, change];
      touchChat(chatId);
    },
    settingsTaken(chatId, change, asked) {
      const record = state.chats.get(chatId);
      if (record === undefined) return;
      // What frames have told since then is as new or newer.
      if (record.settings === asked?.settings) record.settings = { ...record.settings, ...change };
      wantNoLonger(record, change);
    },
    settingsRefused(chatId, change) {
      const record = state.chats.get(chatId);
      if (record !== undefined) wantNoLonger(record, change);
    },
    undelivered: () =>
      [...state.chats.values()].flatMap((record) => {
        const { id, lastMessageId, ownReadId, wantedReadId, deliveredId } = record;
        const known = Math.max(ownReadId, wantedReadId, deliveredId);
        if (lastMessageId <= known || record.messages.get(lastMessageId)?.sender_id === state.self) return [];
        return [{ chatId: id, messageId: lastMessageId }];
      }),
    pendingChanged: (chatId) => touch({ of: 'messages', chatId }),
    recall(kept) {
      const record = state.chats.get(kept.chat_id);
      if (record !== undefined && addKept(record, kept)) touch({ of: 'messages', chatId: record.id });
    },
  };

  function wantNoLonger(record: ChatRecord, change: UpdateChatSettings): void {
    record.wantedSettings = record.wantedSettings.filter((wanted) => wanted !== change);
    touchChat(record.id);
  }

  function drop(chatId: number): void {
    state.chats.delete(chatId);
    touchChat(chatId);
    touch({ of: 'messages', chatId });
    touch({ of: 'pins', chatId });
    touch({ of: 'members', chatId });
  }
}

function noteOf(record: ChatRecord): Asked {
  const { version, ownReadId, unreadFromId, settings } = record;
  return { record, version, ownReadId, unreadFromId, settings };
}
