import type { Store } from '@beseda/client/store/store.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import type { User } from '@beseda/protocol/users.ts';
import { oneLine, seedOf } from './chat-list.ts';
import { fold, ranked } from './ranking.ts';
import { withoutHidden } from './hidden-text.ts';
import { isSaved } from './saved.ts';

/** One thing that one can go to or do; its key is its own among all. */
export type Choice<Action extends string> =
  | {
      kind: 'chat';
      key: string;
      chatId: number;
      name: string;
      isGroup: boolean;
      seed: string;
      unread: number;
      /** It is the chat with oneself. */
      saved: boolean;
      muted: boolean;
    }
  | { kind: 'person'; key: string; user: User }
  | {
      kind: 'message';
      key: string;
      chatId: number;
      messageId: number;
      senderId: number;
      chatName: string;
      text: string;
    }
  | { kind: 'action'; key: string; action: Action; label: string }
  /** To search all messages for what was typed. */
  | { kind: 'search'; key: string; query: string };

export interface SwitcherInput<Action extends string> {
  query: string;
  inbox: readonly ChatView[];
  store: Pick<Store, 'messages'>;
  /** Those whom the server has found. */
  people: readonly User[];
  /** What one can do, in the words of the reader. */
  actions: readonly { action: Action; label: string }[];
}

/** At most so many of each kind: who wants others types more. */
const MOST = { chats: 8, people: 5, messages: 8, actions: 4 };

/** Characters of a message before what was found. */
const BEFORE = 24;

/** What fits a query, the best first: chats, people one has no chat with, messages that are held here, actions. */
export function choices<Action extends string>(input: SwitcherInput<Action>): Choice<Action>[] {
  const query = fold(input.query);
  const peers = new Set(input.inbox.flatMap(({ peer }) => (peer === null ? [] : [peer.id])));
  const actions = ranked(input.actions, query, ({ label }) => [label]).slice(
    0,
    query === '' ? undefined : MOST.actions,
  );
  return [
    ...ranked(input.inbox, query, ({ name, peer }) => [name, peer?.username ?? ''])
      .slice(0, MOST.chats)
      .map((chat): Choice<Action> => {
        const { id, name, is_group: isGroup, unread_count: unread, muted } = chat;
        const [seed, saved] = [seedOf(chat), isSaved(chat)];
        return { kind: 'chat', key: `chat-${id}`, chatId: id, name, isGroup, seed, unread, muted, saved };
      }),
    ...input.people
      .filter((user) => query !== '' && !peers.has(user.id))
      .slice(0, MOST.people)
      .map((user): Choice<Action> => ({ kind: 'person', key: `person-${user.id}`, user })),
    ...(query.length < 2 ? [] : found(input, query)),
    ...actions.map(({ action, label }): Choice<Action> => ({ kind: 'action', key: `action-${action}`, action, label })),
  ];
}

/** The newest messages of all chats that hold the query, but where they hide it. */
function found<Action extends string>({ inbox, store }: SwitcherInput<Action>, query: string): Choice<Action>[] {
  const hits = inbox.flatMap((chat) =>
    (store.messages(chat.id)?.runs.flat() ?? [])
      .filter(({ text, deleted_at: deletedAt }) => deletedAt === null && fold(withoutHidden(text)).includes(query))
      .map((message) => ({ chat, message })),
  );
  return hits
    .toSorted((a, b) => (a.message.created_at < b.message.created_at ? 1 : -1))
    .slice(0, MOST.messages)
    .map(({ chat, message }) => ({
      kind: 'message',
      key: `message-${chat.id}-${message.id}`,
      chatId: chat.id,
      messageId: message.id,
      senderId: message.sender_id,
      chatName: chat.name,
      text: around(withoutHidden(message.text), query),
    }));
}

/** The part of a text in which the query stands, as one line. */
function around(text: string, query: string): string {
  const at = fold(text).indexOf(query);
  if (at <= BEFORE) return oneLine(text);
  const start = text.slice(at - BEFORE);
  const word = start.slice(0, BEFORE).search(/\s/);
  return `… ${oneLine(start.slice(word + 1))}`;
}
