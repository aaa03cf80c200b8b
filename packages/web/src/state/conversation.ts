import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { ChatMessages, ChatView } from '@beseda/client/store/views.ts';
import { timeline, type Item } from './timeline.ts';
import { settable, type Watched } from './watched.ts';

/** What a conversation shows. */
export interface ConversationView {
  state: 'loading' | 'ready' | 'failed' | 'missing';
  /** Why the last reading failed; undefined: it has not. */
  failure: ApiError | undefined;
  items: readonly Item[];
  /** The first message of the chat is among the items. */
  begins: boolean;
  /** The newest one is. */
  ends: boolean;
  /** The key of the item to begin at; undefined: the end. Settled once the state is `ready`. */
  openAt: string | undefined;
}

/** One open chat: which stretch of it is shown, and what of it was seen. */
export interface Conversation extends Watched<ConversationView> {
  /** Reads on towards the beginning, or towards the end. */
  older(): void;
  newer(): void;
  /** Shows the newest messages. */
  toNewest(): Promise<void>;
  /** Shows a message with what is around it. False: there is none such. */
  toMessage(messageId: number): Promise<boolean>;
  /** Tries again what has failed. */
  retry: () => void;
  /** The newest stored message that is in view now; it counts as read while someone is looking. */
  inView(messageId: number): void;
  /** Whether someone is looking: the page is visible and in front. */
  looking(yes: boolean): void;
  close(): void;
}

type Parts = Pick<Client, 'store' | 'userId' | 'state' | 'onState' | 'loadOlder' | 'loadNewer' | 'markRead'>;

/** Messages that are read before the one to begin at, to see what it follows. */
const BEFORE = 20;

/** The newest page reaches this far back, so that what begins within is read from the end. */
const FROM_END = 40;

/** As many messages fill any screen: with fewer, the page before is read too. */
const ENOUGH = 30;

/**
 * @param at the message to begin at; undefined: the first that was not read.
 * @param dayOf see `TimelineInput`.
 */
export function openConversation(
  client: Parts,
  chatId: number,
  at: number | undefined,
  dayOf: (moment: string) => string,
): Conversation {
  const { store } = client;
  /** The run with this message is shown; undefined: the one at the end. */
  let anchor: number | undefined = at;
  let firstNewId: number | undefined;
  let openAt: string | undefined;
  let opened = false;
  let closed = false;
  let loading: Promise<void> | undefined;
  let failure: ApiError | undefined;
  let seenId = 0;
  /** It was opened marked as unread; marked while it is open, it stays so. */
  let openedMarked = false;
  let attentive = false;
  const view = settable<ConversationView>(look());

  function shown(messages: ChatMessages | undefined): readonly MessageState[] {
    const runs = messages?.runs ?? [];
    const target = anchor;
    const found = target === undefined ? undefined : runs.find((run) => holds(run, target));
    return found ?? runs.at(-1) ?? [];
  }

  function look(): ConversationView {
    const chat = store.chat(chatId);
    const messages = store.messages(chatId);
    const run = shown(messages);
    const last = messages?.runs.at(-1);
    const atEnd = messages !== undefined && messages.ends && (last === undefined || run === last);
    const begins = messages !== undefined && (run[0] === undefined ? messages.begins : run[0].id === 1);
    return {
      state: stateOf(chat),
      failure,
      items: timeline({
        messages: run,
        pending: atEnd ? (messages?.pending ?? []) : [],
        begins,
        self: client.userId,
        othersReadId: chat?.others_read_id ?? 0,
        othersDeliveredId: chat?.others_delivered_id ?? 0,
        firstNewId,
        dayOf,
      }),
      begins,
      ends: atEnd,
      openAt,
    };
  }

  function stateOf(chat: ChatView | undefined): ConversationView['state'] {
    if (opened) return chat === undefined ? 'missing' : 'ready';
    if (chat === undefined && client.state.name === 'live') return 'missing';
    return failure === undefined ? 'loading' : 'failed';
  }

  function refresh(): void {
    if (!closed) view.set(look());
  }

  /** Reads one thing at a time; what fails is told in the view. */
  async function load(act: () => Promise<void>): Promise<void> {
    const before = loading;
    const mine = after(before, act);
    loading = mine;
    try {
      await mine;
    } finally {
      if (loading === mine) loading = undefined;
      refresh();
    }
  }

  async function after(before: Promise<void> | undefined, act: () => Promise<void>): Promise<void> {
    await before;
    try {
      await act();
      failure = undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failure = error;
    }
  }

  /** Makes sure that a message is held, with what is around it. */
  async function reach(messageId: number): Promise<void> {
    const chat = store.chat(chatId);
    if (chat === undefined || messageId > chat.last_message_id) return;
    if (store.message(chatId, messageId) !== undefined && shown(store.messages(chatId)).length >= ENOUGH) return;
    if (chat.last_message_id - messageId < FROM_END) await client.loadOlder(chatId);
    else await client.loadNewer(chatId, Math.max(0, messageId - BEFORE - 1));
  }

  async function open(): Promise<void> {
    const chat = store.chat(chatId);
    if (opened || chat === undefined) return;
    const unread = firstUnread(chat);
    openedMarked = chat.marked_unread_id !== null;
    const target = at ?? unread;
    anchor = target;
    await load(async () => {
      if (target !== undefined) await reach(target);
      const run = shown(store.messages(chatId));
      if (target === undefined && run.length < ENOUGH && run[0]?.id !== 1 && chat.last_message_id > 0) {
        await client.loadOlder(chatId);
      }
    });
    if (failure !== undefined && shown(store.messages(chatId)).length === 0) return;
    opened = true;
    firstNewId = unread;
    if (at !== undefined && store.message(chatId, at) !== undefined) {
      openAt = look().items.find((item) => item.kind === 'message' && item.id === at)?.key;
    } else if (unread !== undefined) openAt = 'new';
    refresh();
  }

  function changed(): void {
    const chat = store.chat(chatId);
    if (opened && chat !== undefined) {
      // What comes while nobody looks is new to whoever comes back.
      if (!attentive && firstNewId === undefined && chat.unread_count > 0) firstNewId = chat.last_read_id + 1;
      if (chat.last_message_id > 0 && shown(store.messages(chatId)).length === 0 && loading === undefined) {
        void load(async () => client.loadOlder(chatId));
      }
    } else void open();
    refresh();
  }

  function mark(): void {
    const chat = store.chat(chatId);
    if (!attentive || chat === undefined) return;
    const marked = openedMarked && seenId >= (chat.marked_unread_id ?? Infinity);
    if (seenId > chat.last_read_id || marked) client.markRead(chatId, seenId);
  }

  const stops = [
    store.watch({ of: 'chat', chatId }, changed),
    store.watch({ of: 'messages', chatId }, changed),
    client.onState(({ name }) => {
      if (name === 'live' && failure !== undefined) retry();
      changed();
    }),
  ];

  function older(): void {
    const first = shown(store.messages(chatId))[0];
    if (first !== undefined && first.id > 1 && loading === undefined)
      void load(async () => client.loadOlder(chatId, first.id));
  }

  function retry(): void {
    failure = undefined;
    if (opened) older();
    else void open();
    refresh();
  }

  void open();
  refresh();

  return {
    get: view.get,
    watch: view.watch,
    older,
    newer() {
      const last = shown(store.messages(chatId)).at(-1);
      if (last !== undefined && !view.get().ends && loading === undefined)
        void load(async () => client.loadNewer(chatId, last.id));
    },
    async toNewest() {
      anchor = undefined;
      refresh();
      const run = shown(store.messages(chatId));
      if (run.length < ENOUGH && run[0]?.id !== 1) await load(async () => client.loadOlder(chatId));
      refresh();
    },
    async toMessage(messageId) {
      const before = anchor;
      if (store.message(chatId, messageId) === undefined) await load(async () => reach(messageId));
      anchor = store.message(chatId, messageId) === undefined ? before : messageId;
      refresh();
      return anchor === messageId;
    },
    retry,
    inView(messageId) {
      seenId = messageId;
      mark();
    },
    looking(yes) {
      attentive = yes;
      mark();
    },
    close() {
      closed = true;
      for (const stop of stops) stop();
    },
  };
}

function firstUnread({ unread_count: count, last_message_id: lastId }: ChatView): number | undefined {
  return count > 0 ? lastId - count + 1 : undefined;
}

function holds(run: readonly MessageState[], messageId: number): boolean {
  return (run[0]?.id ?? Infinity) <= messageId && messageId <= (run.at(-1)?.id ?? 0);
}
