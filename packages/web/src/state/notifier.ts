import type { Client } from '@beseda/client/client.ts';
import type { Clock } from '@beseda/client/clock.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import { tellingOf, type TabView } from './attention.ts';
import { oneLine } from './chat-list.ts';
import { summaryOf, type FilesSummary } from './file-looks.ts';
import { nameOf, type People } from './people.ts';
import { settable, type Watched } from './watched.ts';

/** What a notification says, and which message it is of. */
export interface Notification {
  chatId: number;
  messageId: number;
  title: string;
  body: string;
}

/** Where notifications are shown: one for each chat, the newer in place of the older. */
export interface NotificationScreen {
  show(notification: Notification): Promise<void>;
  /** Those that are there, also of pages that were closed. */
  shown(): Promise<readonly { chatId: number; messageId: number }[]>;
  close(chatId: number): Promise<void>;
}

/** The tabs of this browser, of which one tells of messages. */
export interface Tabs {
  /** Whether it is this one, and what all of them show now. */
  look(): Promise<{ teller: boolean; tabs: readonly TabView[] }>;
}

export interface NotifierParts {
  client: Pick<Client, 'store' | 'userId' | 'state' | 'onMessage'>;
  people: Pick<People, 'person'>;
  screen: NotificationScreen;
  tabs: Tabs;
  clock: Clock;
  /** Makes the sound of a new message. */
  ring: () => void;
  /** What the reader wants at present. */
  wishes: () => { notifications: boolean; sound: boolean };
  /** Who wrote, where their name is not known yet. */
  someone: () => string;
  /** What a message has of files, in words. */
  filesText: (files: FilesSummary) => string;
}

export interface Notifier {
  /** A notification would have been of use by now, or the reader has written something: they may be offered. */
  useful: Watched<boolean>;
  stop(): void;
}

/**
 * So long a message waits before one is told of it, in milliseconds: who reads it at once, here or on another device,
 * is not told; and of several that come together one is told once.
 */
const PATIENCE_MS = 500;

/** Tells of messages that come while nobody looks, and takes that back once they are read. */
export function createNotifier(parts: NotifierParts): Notifier {
  const { client, people, screen, tabs, clock } = parts;
  const { store } = client;
  /** The newest of each chat that is to be told. */
  const due = new Map<number, { message: MessageState; live: boolean }>();
  const useful = settable(false);
  let callOffTelling: (() => void) | undefined;
  let callOffClosing: (() => void) | undefined;

  function arrived(message: MessageState): void {
    if (message.sender_id === client.userId) {
      useful.set(true);
      return;
    }
    // Their name is asked for meanwhile.
    people.person(message.sender_id);
    due.set(message.chat_id, { message, live: client.state.name === 'live' });
    callOffTelling ??= clock.after(PATIENCE_MS, () => void tell());
  }

  async function tell(): Promise<void> {
    callOffTelling = undefined;
    const arrivals = [...due.values()];
    due.clear();
    const { teller, tabs: views } = await tabs.look();
    if (!teller) return;
    const wishes = parts.wishes();
    let rings = false;
    for (const { message, live } of arrivals) {
      const chat = store.chat(message.chat_id);
      // It may have been deleted or edited while it waited.
      const present = store.message(message.chat_id, message.id) ?? message;
      if (chat === undefined) continue;
      const telling = tellingOf({
        message: present,
        chat,
        self: client.userId,
        tabs: views,
      });
      // What comes when the connection is back has not come just now.
      rings ||= telling.sound && live;
      if (!telling.notify) continue;
      useful.set(true);
      if (wishes.notifications) await screen.show(notificationOf(present, chat));
    }
    if (rings && wishes.sound) parts.ring();
  }

  function notificationOf(message: MessageState, chat: { name: string; is_group: boolean }): Notification {
    const person = people.person(message.sender_id);
    const summary = message.text === '' ? summaryOf(message.files) : undefined;
    const text = summary === undefined ? oneLine(message.text) : parts.filesText(summary);
    const from = person === undefined ? parts.someone() : nameOf(person);
    return {
      chatId: message.chat_id,
      messageId: message.id,
      title: chat.name,
      body: chat.is_group ? `${from}: ${text}` : text,
    };
  }

  async function closeRead(): Promise<void> {
    callOffClosing = undefined;
    for (const { chatId, messageId } of await screen.shown()) {
      const chat = store.chat(chatId);
      const gone = store.message(chatId, messageId)?.deleted_at ?? null;
      if (chat === undefined || chat.last_read_id >= messageId || gone !== null) await screen.close(chatId);
    }
  }

  function closeSoon(): void {
    if (store.ready() && parts.wishes().notifications) {
      callOffClosing ??= clock.after(PATIENCE_MS, () => void closeRead());
    }
  }

  const stops = [client.onMessage(arrived), store.watch({ of: 'inbox' }, closeSoon)];
  closeSoon();
  return {
    useful: { get: useful.get, watch: useful.watch },
    stop() {
      callOffTelling?.();
      callOffClosing?.();
      for (const stop of stops) stop();
    },
  };
}
