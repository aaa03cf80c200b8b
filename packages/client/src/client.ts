import type { MessageFile } from '@beseda/protocol/files.ts';
import type { ForwardMessages } from '@beseda/protocol/messages.ts';
import type { UpdateChatSettings } from '@beseda/protocol/settings.ts';
import { clientError } from './api-error.ts';
import { systemClock, type Clock } from './clock.ts';
import { createDelivering } from './delivering.ts';
import { createConnection } from './live/connection.ts';
import type { ConnectionState } from './live/connection-state.ts';
import type { OpenSocket } from './live/socket-like.ts';
import { createLoading } from './loading.ts';
import type { Outgoing } from './queue/outgoing.ts';
import { memoryQueue, type QueueStorage } from './queue/queue-storage.ts';
import { createSendQueue } from './queue/send-queue.ts';
import { createOwnTyping } from './own-typing.ts';
import { createReading } from './reading.ts';
import { createApi, type Api } from './rest/api.ts';
import { createAsk, type Ask, type Fetch } from './rest/ask.ts';
import { createSession, type Session } from './rest/session.ts';
import { memoryTokens, type TokenStorage } from './rest/token-storage.ts';
import { createSetting } from './setting.ts';
import type { MessageState } from './store/chat-record.ts';
import type { HoldLimits } from './store/holding.ts';
import type { KeptMessages } from './store/snapshot.ts';
import { createStore, type Store } from './store/store.ts';
import { randomUuid } from './uuid.ts';

export interface ClientOptions {
  /** Where the server is, such as `http://localhost:8000`. */
  url: string;
  /** Where the sign-in is kept; in memory unless given. */
  tokens?: TokenStorage;
  /** Another way to be signed in than by tokens that are kept here: see `cookieSession`. */
  session?: (ask: Ask, clock: Clock) => Session;
  /** Where messages on their way are kept; in memory unless given. */
  queue?: QueueStorage;
  /** What an earlier `client.store.snapshot()` gave. */
  snapshot?: unknown;
  /** Opens sockets; with the `WebSocket` of the platform unless given. Node 20 has none: give that of the package `ws`. */
  openSocket?: OpenSocket;
  fetch?: Fetch;
  clock?: Clock;
  /** From 0 up to but not including 1. */
  random?: () => number;
  /** When watchers of the store are told of changes: in a microtask unless given. */
  schedule?: (tell: () => void) => void;
  /** How many messages are held, so that a client may run for ever; `Infinity` holds all of them. */
  hold?: HoldLimits;
  /** Hears of what went wrong where nobody waits for it. */
  onProblem?: (problem: unknown) => void;
}

/** A message of a chat: its id, or the `client_id` of one on its way. */
export type MessageKey = number | string;

/** One user's Beseda on this device. */
export interface Client {
  /** Every endpoint of the server. */
  readonly api: Api;
  /** All chats as they stand, to be read and watched. */
  readonly store: Store;
  readonly state: ConnectionState;
  /** 0: nobody was signed in on this device yet. */
  readonly userId: number;
  /** @throws ApiError */
  signIn(username: string, password: string): Promise<void>;
  /** Ends the session, and forgets all of it here, messages on their way included. */
  signOut(): Promise<void>;
  /** Takes up what was kept and connects, from then on by itself. */
  start(): Promise<void>;
  stop(): void;
  /** The network is said to be there: tries at once. */
  online(): void;
  /**
   * Sends a message: it stands in the chat at once, and settles here once it is kept on this device. It is stored on
   * the server once, in order, however often the connection or this program ends on the way.
   */
  send(
    chatId: number,
    text: string,
    /** @property files what has been uploaded before (`api.files`); the text may be empty then. */
    options?: { replyTo?: number; files?: MessageFile[] },
  ): Promise<Outgoing>;
  /**
   * Forwards messages to chats, with a comment before them. Where no answer comes, the same with the same `client_id`s
   * may be asked for again.
   *
   * @throws ApiError `unreachable` without a connection.
   */
  forward(messages: ForwardMessages): Promise<void>;
  /** Sends a message again that the server had refused. */
  retry(clientId: string): Promise<boolean>;
  /** @throws ApiError */
  edit(chatId: number, message: MessageKey, text: string): Promise<void>;
  /** Deletes a message, or takes back one on its way. @throws ApiError */
  delete(chatId: number, message: MessageKey): Promise<void>;
  /** @param on false takes the reaction back. @throws ApiError */
  react(chatId: number, message: MessageKey, emoji: string, on?: boolean): Promise<void>;
  /** Pins a message for all in the chat. @param on false unpins it. @throws ApiError */
  pin(chatId: number, messageId: number, on?: boolean): Promise<void>;
  /** The user has read all messages up to this one; told to the server when it can be. */
  markRead(chatId: number, messageId: number): void;
  /** The user types in a chat, to be called at each key; false: no longer. Sending ends it too. */
  typing(chatId: number, on?: boolean): void;
  /**
   * Marks a chat as unread from a message on, for the user alone; null takes that back, and so does reading.
   *
   * @throws ApiError `unreachable` without a live connection.
   */
  markUnread(chatId: number, messageId: number | null): Promise<void>;
  /**
   * Mutes or pins a chat, for the user alone; what is left out stays. The store shows it at once, and takes it back
   * where it fails.
   *
   * @throws ApiError `unreachable` without a connection.
   */
  updateChatSettings(chatId: number, settings: UpdateChatSettings): Promise<void>;
  /**
   * Reads messages before one, or before the oldest of those at the chat's end. Whoever reads on past what is held
   * ({@link ClientOptions.hold}) names the message.
   *
   * @throws ApiError
   */
  loadOlder(chatId: number, before?: number): Promise<void>;
  /** Reads messages after one. @throws ApiError */
  loadNewer(chatId: number, after: number): Promise<void>;
  /** Reads one message, such as the one that another answers. @throws ApiError */
  loadMessage(chatId: number, messageId: number): Promise<void>;
  /** Reads the pinned messages of a chat, into the store. @throws ApiError */
  loadPins(chatId: number): Promise<void>;
  /** Reads who is in a group, into the store. @throws ApiError */
  loadMembers(groupId: number): Promise<void>;
  /**
   * Takes in messages of a chat that were kept apart from {@link ClientOptions.snapshot}, so that the start need not wait
   * for them. What was told since then stays.
   */
  recall(kept: KeptMessages): void;
  /**
   * Calls back for each message that is written from now on, the own ones included, once, those that were missed
   * while the connection was away too (up to 1,000 changes of a chat). Returns what ends that.
   */
  onMessage(listener: (message: MessageState) => void): () => void;
  /** Calls back when the connection's state changes. Returns what ends that. */
  onState(listener: (state: ConnectionState) => void): () => void;
}

export function createClient(options: ClientOptions): Client {
  const { clock = systemClock, random = Math.random, onProblem = () => {} } = options;
  const ask = createAsk(options.url, options.fetch ?? platformFetch);
  const session = options.session?.(ask, clock) ?? createSession(ask, options.tokens ?? memoryTokens(), clock);
  const api = createApi(ask, session);
  const messageListeners = new Set<(message: MessageState) => void>();
  const stateListeners = new Set<(state: ConnectionState) => void>();

  const store = createStore({
    pendingOf: (chatId) => queue.of(chatId),
    schedule: options.schedule ?? queueMicrotask,
    snapshot: options.snapshot,
    ...(options.hold === undefined ? {} : { hold: options.hold }),
    clock,
    hearing: {
      arrived(message) {
        if (message.sender_id !== store.self) delivering.due();
        for (const listener of messageListeners) listener(message);
      },
      ownStored: (clientId, messageId) => queue.stored(clientId, messageId),
      caughtUp(chatIds) {
        for (const chatId of chatIds) queue.caughtUp(chatId);
        loading.details(store.detailsDue(chatIds));
        delivering.due();
      },
    },
  });

  const connection = createConnection({
    url: options.url,
    openSocket: options.openSocket ?? platformSocket(),
    accessToken: async (refused) => session.accessToken(refused),
    clock,
    random,
    since: () => store.since(),
    hear(frame) {
      if (frame.type === 'hello') belongTo(frame.user_id).catch(onProblem);
      store.apply(frame);
    },
    changed(state) {
      const live = state.name === 'live';
      if (!live && state.name !== 'syncing') {
        store.disconnected();
        loading.disconnected();
        delivering.disconnected();
        ownTyping.disconnected();
      }
      queue.setLive(live);
      if (live) reading.flush();
      for (const listener of stateListeners) listener(state);
    },
    strange: (data) => onProblem(clientError('unexpected_answer', `A frame has no known shape: ${String(data)}`)),
  });

  const queue = createSendQueue({
    storage: options.queue ?? memoryQueue(),
    deliver: async ({ chat_id, text, client_id, reply_to, files }) =>
      connection.request({
        type: 'message',
        chat_id,
        text,
        client_id,
        ...(reply_to === null ? {} : { reply_to }),
        ...(files === undefined ? {} : { files: files.map(({ id }) => id) }),
      }),
    edit: async (chatId, messageId, text) => take(chatId, api.messages.edit(chatId, messageId, text)),
    delete: api.messages.delete,
    react: async (chatId, messageId, emoji) => take(chatId, api.messages.react(chatId, messageId, emoji)),
    held: (chatId, messageId) => store.message(chatId, messageId) !== undefined,
    clock,
    random,
    uuid: randomUuid,
    changed: (chatId) => store.pendingChanged(chatId),
    onProblem,
  });

  const loading = createLoading(api, store, clock, random);
  const delivering = createDelivering(store, (frame) => connection.tell(frame), clock);
  const ownTyping = createOwnTyping((frame) => connection.tell(frame), clock);
  const setting = createSetting(store, api);
  const reading = createReading(store, async (frame) => connection.request(frame), clock);

  async function belongTo(userId: number): Promise<void> {
    store.belongTo(userId);
    await queue.begin(userId);
    // A snapshot may hold messages of which the program ended before the queue could note that they had arrived.
    for (const { id } of store.inbox()) noteArrived(id);
  }

  function noteArrived(chatId: number): void {
    if (!queue.waitsIn(chatId)) return;
    for (const message of store.messages(chatId)?.runs.flat() ?? []) {
      if (message.sender_id === store.self && message.client_id !== null) queue.stored(message.client_id, message.id);
    }
  }

  /** The message as a change left it; its frame may be long in coming. */
  async function take(chatId: number, answer: ReturnType<Api['messages']['edit']>): Promise<void> {
    const asked = store.asking(chatId);
    const message = await answer;
    if (asked !== undefined) store.messageRead(asked, message);
  }

  /** Does something to a message where it is: on its way, or on the server. */
  async function change(
    key: MessageKey,
    queued: (clientId: string) => Promise<boolean>,
    stored: (messageId: number) => Promise<unknown>,
  ): Promise<void> {
    if (typeof key === 'number') await stored(key);
    else if (!(await queued(key))) {
      const messageId = queue.get(key)?.message_id;
      if (messageId === null || messageId === undefined) throw notOnItsWay(key);
      await stored(messageId);
    }
  }

  return {
    api,
    store,
    get state() {
      return connection.state;
    },
    get userId() {
      return store.self;
    },
    async signIn(username, password) {
      await belongTo(await session.signIn(username, password));
      if (connection.state.name === 'signed out') connection.start();
    },
    async signOut() {
      connection.stop();
      try {
        await api.account.signOut();
      } finally {
        await session.forget();
        await queue.clear();
        store.belongTo(0);
      }
    },
    async start() {
      const userId = await session.userId();
      if (userId !== undefined) await belongTo(userId);
      connection.start();
    },
    stop: () => connection.stop(),
    online: () => connection.online(),
    async send(chatId, text, { replyTo, files } = {}) {
      if (store.self === 0) throw clientError('signed_out', 'Sign in before sending.');
      ownTyping.ended(chatId);
      return queue.add({ chat_id: chatId, text, reply_to: replyTo ?? null, files });
    },
    async forward(request) {
      const asked = new Map(request.chat_ids.map((chatId) => [chatId, store.asking(chatId)]));
      for (const message of (await api.messages.forward(request)).messages) {
        const chat = asked.get(message.chat_id);
        if (chat !== undefined) store.messageRead(chat, message);
      }
    },
    retry: async (clientId) => queue.retry(clientId),
    edit: async (chatId, key, text) =>
      change(
        key,
        async (clientId) => queue.edit(clientId, text),
        async (messageId) => take(chatId, api.messages.edit(chatId, messageId, text)),
      ),
    delete: async (chatId, key) =>
      change(
        key,
        async (clientId) => queue.drop(clientId),
        async (messageId) => api.messages.delete(chatId, messageId),
      ),
    react: async (chatId, key, emoji, on = true) =>
      change(
        key,
        async (clientId) => queue.react(clientId, emoji, on),
        async (messageId) => take(chatId, api.messages[on ? 'react' : 'takeReactionBack'](chatId, messageId, emoji)),
      ),
    pin: async (chatId, messageId, on = true) => take(chatId, api.messages[on ? 'pin' : 'unpin'](chatId, messageId)),
    markRead: (chatId, messageId) => reading.mark(chatId, messageId),
    typing: (chatId, on = true) => ownTyping.set(chatId, on),
    async markUnread(chatId, messageId) {
      await connection.request({ type: 'unread', chat_id: chatId, message_id: messageId });
    },
    updateChatSettings: async (chatId, settings) => setting(chatId, settings),
    async loadOlder(chatId, before = store.messages(chatId)?.runs.at(-1)?.[0]?.id) {
      if (before !== 1) await loading.page(chatId, before === undefined ? {} : { before });
    },
    loadNewer: async (chatId, after) => loading.page(chatId, { after }),
    loadMessage: async (chatId, messageId) => loading.message(chatId, messageId),
    loadPins: async (chatId) => loading.pins(chatId),
    loadMembers: async (groupId) => loading.members(groupId),
    recall(kept) {
      store.recall(kept);
      noteArrived(kept.chat_id);
    },
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
  };
}

function notOnItsWay(clientId: string): Error {
  return clientError('unexpected_answer', `The message ${clientId} is not on its way any more: name it by its id.`);
}

const platformFetch: Fetch = async (url, init) => globalThis.fetch(url, init);

/** @throws TypeError where the platform has none. */
function platformSocket(): OpenSocket {
  if (typeof globalThis.WebSocket !== 'function') {
    throw new TypeError('There is no WebSocket here: pass openSocket, with that of the package “ws” say.');
  }
  return (url) => new globalThis.WebSocket(url);
}
