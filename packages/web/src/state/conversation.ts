import type { Client } from '@beseda/client/client.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import { isSameView, type Conversation, type ConversationView } from './conversation-view.ts';
import { sameItems } from './same-items.ts';
import { around, atEndOf, bounded, cut, EVERYTHING, further, nearer, type Stretch } from './stretch.ts';
import { timeline, type Item } from './timeline.ts';
import { createTurns, type Waiting } from './turns.ts';
import { settable } from './watched.ts';

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
  waiting: Waiting,
): Conversation {
  const { store } = client;
  /** A message of the run that is shown; undefined: the run at the end. */
  let anchor: number | undefined = at;
  let stretch: Stretch = EVERYTHING;
  let items: readonly Item[] = [];
  let firstNewId: number | undefined;
  let openAt: string | undefined;
  let beginning = 0;
  let led: ConversationView['led'];
  let opened = false;
  let closed = false;
  const loading = createTurns({
    settled: () => refresh(),
    due() {
      // Without a connection it waits for one.
      if (client.state.name === 'live') retry();
    },
    ...waiting,
  });
  let seenId = 0;
  /** It was opened marked as unread; marked while it is open, it stays so. */
  let openedMarked = false;
  let attentive = false;
  let readsAtEnd = at === undefined;
  const showing = store.show(chatId);
  const view = settable<ConversationView>(look());

  /** The run that is shown, and whether it is the one at the end. */
  function present(): { run: readonly MessageState[]; isLast: boolean } {
    const messages = store.messages(chatId);
    const runs = messages?.runs ?? [];
    const target = anchor;
    const found = target === undefined ? undefined : runs.find((run) => holds(run, target));
    const run = found ?? runs.at(-1) ?? [];
    return { run, isLast: messages?.ends === true && run === (runs.at(-1) ?? run) };
  }

  /** The messages that are shown. */
  function shown(): readonly MessageState[] {
    return cut(present().run, stretch);
  }

  function look(): ConversationView {
    const chat = store.chat(chatId);
    const messages = store.messages(chatId);
    const { run, isLast } = present();
    const part = cut(run, stretch);
    const ends = isLast && part.at(-1) === run.at(-1);
    const begins = messages !== undefined && (part[0] === undefined ? messages.begins : part[0].id === 1);
    items = opened
      ? sameItems(
          items,
          timeline({
            messages: part,
            pending: ends ? (messages?.pending ?? []) : [],
            begins,
            self: client.userId,
            othersReadId: chat?.others_read_id ?? 0,
            othersDeliveredId: chat?.others_delivered_id ?? 0,
            firstNewId,
            dayOf,
          }),
        )
      : [];
    return { state: stateOf(chat), failure: loading.failure(), items, begins, ends, openAt, led, beginning };
  }

  /** Shows another stretch of the run that is shown. */
  function move(to: Stretch): void {
    stretch = to;
    const middle = shown();
    anchor = to.high === Infinity ? undefined : middle[middle.length >> 1]?.id;
  }

  function stateOf(chat: ChatView | undefined): ConversationView['state'] {
    if (opened) return chat === undefined ? 'missing' : 'ready';
    if (chat === undefined && client.state.name === 'live') return 'missing';
    return loading.failure() === undefined ? 'loading' : 'failed';
  }

  function refresh(): void {
    if (closed) return;
    const { run } = present();
    // What was shown is not held any more, as where the chat was begun anew.
    if (anchor !== undefined && opened && !holds(run, anchor)) {
      beginning += 1;
      openAt = undefined;
      move(atEndOf(run));
    }
    const next = bounded(stretch, run, readsAtEnd);
    if (next !== stretch) move(next);
    const part = shown();
    const [first, last] = [part[0], part.at(-1)];
    if (first !== undefined && last !== undefined) showing.set(first.id, last.id);
    const seen = view.get();
    const now = look();
    view.set(isSameView(seen, now) ? seen : now);
  }

  /** Whether a message is held, with enough around it. */
  function reached(messageId: number): boolean {
    const chat = store.chat(chatId);
    if (chat === undefined || messageId > chat.last_message_id) return true;
    return store.message(chatId, messageId) !== undefined && present().run.length >= ENOUGH;
  }

  /** Makes sure that it is. */
  async function reach(messageId: number): Promise<void> {
    const chat = store.chat(chatId);
    if (chat === undefined || reached(messageId)) return;
    if (chat.last_message_id - messageId < FROM_END) await client.loadOlder(chatId);
    else await client.loadNewer(chatId, Math.max(0, messageId - BEFORE - 1));
  }

  /** Whether the end is held, with enough before it to fill a screen. */
  function endReached({ last_message_id: lastId }: ChatView): boolean {
    const { run } = present();
    return lastId === 0 || run.length >= ENOUGH || run[0]?.id === 1;
  }

  function open(): void {
    const chat = store.chat(chatId);
    if (opened || chat === undefined) return;
    const unread = firstUnread(chat);
    openedMarked = chat.marked_unread_id !== null;
    const target = at ?? unread;
    anchor = target;
    // What is held is shown at once: a promise, even one that is kept, would come after the first frame.
    if (target === undefined ? endReached(chat) : reached(target)) begin(target, unread);
    else void openLater(target, unread);
  }

  /** Opens the chat; where the little that was held is shown already, reads what comes before. */
  function goOn(): void {
    if (opened) older();
    else open();
  }

  async function openLater(target: number | undefined, unread: number | undefined): Promise<void> {
    await loading.take(async () => (target === undefined ? client.loadOlder(chatId) : reach(target)), goOn);
    if (opened || (loading.failure() !== undefined && present().run.length === 0)) return;
    begin(target, unread);
    refresh();
  }

  function begin(target: number | undefined, unread: number | undefined): void {
    opened = true;
    firstNewId = unread;
    const { run, isLast } = present();
    move(target === undefined || !holds(run, target) ? atEndOf(run) : around(target, run, isLast));
    if (at !== undefined && store.message(chatId, at) !== undefined) {
      openAt = keyOf(at);
      led = { to: at, times: 1 };
    } else if (unread !== undefined) openAt = 'new';
    readsAtEnd = openAt === undefined;
  }

  function keyOf(messageId: number): string | undefined {
    return look().items.find((item) => item.kind === 'message' && item.id === messageId)?.key;
  }

  function changed(): void {
    const chat = store.chat(chatId);
    if (opened && chat !== undefined) {
      // What comes while nobody looks is new to whoever comes back.
      if (!attentive && firstNewId === undefined && chat.unread_count > 0) firstNewId = chat.last_read_id + 1;
      if (chat.last_message_id > 0 && present().run.length === 0 && !loading.busy()) {
        refill();
      }
    } else open();
    refresh();
  }

  /** Reads the end of the chat. */
  function refill(): void {
    void loading.take(async () => client.loadOlder(chatId), refill);
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
      if (name === 'live' && loading.failure() !== undefined) retry();
      changed();
    }),
  ];

  function older(): void {
    const part = shown();
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined || first.id === 1 || loading.busy()) return;
    const start = present().run[0]?.id ?? 0;
    const from = beginning;
    const go = (): void => {
      // Whoever was led elsewhere meanwhile stays there.
      if (beginning === from) move(further(stretch, first.id, last.id));
    };
    if (start === 1 || start < first.id) {
      go();
      refresh();
      return;
    }
    void loading.take(async () => {
      await client.loadOlder(chatId, first.id);
      go();
    }, older);
  }

  function newer(): void {
    const last = shown().at(-1);
    if (last === undefined || view.get().ends || loading.busy()) return;
    const from = beginning;
    const go = (): void => {
      if (beginning !== from) return;
      const { run, isLast } = present();
      move(nearer(stretch, last.id, run, isLast));
    };
    if ((present().run.at(-1)?.id ?? 0) > last.id) {
      go();
      refresh();
      return;
    }
    void loading.take(async () => {
      await client.loadNewer(chatId, last.id);
      go();
    }, newer);
  }

  function retry(): void {
    const again = loading.forgive();
    if (opened && again !== undefined) again();
    else goOn();
    refresh();
  }

  open();
  refresh();

  return {
    get: view.get,
    watch: view.watch,
    older,
    newer,
    async toNewest() {
      if (!view.get().ends) {
        anchor = undefined;
        readsAtEnd = true;
        openAt = undefined;
        beginning += 1;
        move(atEndOf(present().run));
      }
      refresh();
      const chat = store.chat(chatId);
      if (chat !== undefined && !endReached(chat)) await loading.take(async () => client.loadOlder(chatId), refill);
    },
    async toMessage(messageId) {
      const lead = (): void => {
        led = { to: messageId, times: (led?.times ?? 0) + 1 };
      };
      if (holds(shown(), messageId)) {
        lead();
        refresh();
        return true;
      }
      if (store.message(chatId, messageId) === undefined) await loading.take(async () => reach(messageId));
      if (store.message(chatId, messageId) === undefined) return false;
      anchor = messageId;
      const { run, isLast } = present();
      move(around(messageId, run, isLast));
      readsAtEnd = false;
      openAt = keyOf(messageId);
      lead();
      beginning += 1;
      refresh();
      return true;
    },
    retry,
    inView(messageId) {
      seenId = messageId;
      mark();
    },
    readsAtEnd(yes) {
      readsAtEnd = yes;
    },
    looking(yes) {
      attentive = yes;
      mark();
    },
    close() {
      closed = true;
      loading.close();
      showing.end();
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
