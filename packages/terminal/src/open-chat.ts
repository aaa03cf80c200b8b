import type { Client } from '@beseda/client/client.ts';
import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import { messageLine } from './lines.ts';
import { chatName, type Names } from './names.ts';
import { plain } from './plain.ts';

/** The chat that is being looked at: its messages come as lines, and again when they change. */
export interface OpenChat {
  readonly id: number;
  /** Shows older messages than those shown so far. @throws ApiError */
  history(count: number): Promise<void>;
  /** Nothing more is shown. */
  close(): void;
}

/** Messages shown when a chat is opened. */
const FIRST_SHOWN = 20;

/** @throws ApiError */
export async function openChat(
  client: Client,
  chat: ChatView,
  names: Names,
  print: (line: string) => void,
): Promise<OpenChat> {
  /** The version of each message that is on the screen. */
  const shown = new Map<number, number>();
  const told = new Set<string>();
  let typed = new Set<number>();
  let turn: Promise<void> = Promise.resolve();
  let oldest = 0;

  const held = (): readonly MessageState[] => client.store.messages(chat.id)?.runs.at(-1) ?? [];

  async function show(messages: readonly MessageState[]): Promise<void> {
    await names.learn(messages.map(({ sender_id: sender }) => sender));
    for (const message of messages) {
      if ((shown.get(message.id) ?? -1) >= message.version) continue;
      print(messageLine(message, names));
      shown.set(message.id, message.version);
    }
  }

  async function changed(): Promise<void> {
    await show(held().filter(({ id }) => id >= oldest));
    for (const { client_id: clientId, failure, text } of client.store.messages(chat.id)?.pending ?? []) {
      if (failure === null || told.has(`${clientId} ${text}`)) continue;
      told.add(`${clientId} ${text}`);
      print(`! not sent: “${plain(text)}”: ${failure.detail} /retry sends it again.`);
    }
    const last = held().at(-1);
    if (last !== undefined) client.markRead(chat.id, last.id);
  }

  /** Says who has begun to type; that they have stopped shows by itself. */
  async function typing(): Promise<void> {
    const { user_ids: userIds } = client.store.typing(chat.id);
    const begun = userIds.filter((id) => !typed.has(id));
    typed = new Set(userIds);
    if (begun.length === 0) return;
    await names.learn(begun);
    print(`… ${begun.map((id) => plain(names.of(id))).join(', ')} typing`);
  }

  /** One thing after the other, so that lines stand in order. */
  async function inTurn(act: () => Promise<void>): Promise<void> {
    const done = turn.then(act);
    turn = done.catch(() => undefined);
    return done;
  }

  async function load(count: number, before: number | undefined): Promise<void> {
    while (held().filter(({ id }) => before === undefined || id < before).length < count) {
      const view = client.store.messages(chat.id);
      if (view?.begins === true && view.runs.length <= 1) break;
      const first = held()[0]?.id;
      await client.loadOlder(chat.id);
      // Nothing came: there is nothing before it.
      if (held()[0]?.id === first) break;
    }
  }

  async function history(count: number): Promise<void> {
    const before = oldest === 0 ? undefined : oldest;
    await load(count, before);
    const older = held()
      .filter(({ id }) => before === undefined || id < before)
      .slice(-count);
    if (older.length === 0) print(before === undefined ? 'No messages yet.' : 'That is where it begins.');
    oldest = older[0]?.id ?? oldest;
    await show(older);
  }

  await client.loadMembers(chat.id).catch(() => undefined);
  print(`— ${chatName(chat)} —`);
  await history(FIRST_SHOWN);
  await inTurn(changed);
  const stops = [
    client.store.watch({ of: 'messages', chatId: chat.id }, () => void inTurn(changed)),
    client.store.watch({ of: 'typing', chatId: chat.id }, () => void inTurn(typing)),
  ];

  return {
    id: chat.id,
    history: async (count) => inTurn(async () => history(count)),
    close() {
      for (const stop of stops) stop();
    },
  };
}
