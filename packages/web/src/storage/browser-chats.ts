import { SNAPSHOT_FORMAT } from '@beseda/client/store/snapshot-format.ts';
import type { KeptChats } from '../state/keeping-chats.ts';
import { messagesOf, withNewestAlone, type OpenDatabase } from './browser-database.ts';

const STORES = ['chats', 'messages', 'people'] as const;

/** Chats and people as they were last seen, so that the page starts without a network. */
export function browserChats(open: OpenDatabase): KeptChats {
  return {
    async load(userId, openChat) {
      const transaction = (await open()).transaction(STORES);
      const mine = IDBKeyRange.bound([userId], [userId + 1], false, true);
      const [chats, people, shown] = await Promise.all([
        transaction.objectStore('chats').getAll(mine),
        transaction.objectStore('people').getAll(mine),
        openChat === undefined ? undefined : transaction.objectStore('messages').get([userId, openChat]),
      ]);
      const current = chats.filter(({ format }) => format === SNAPSHOT_FORMAT).map(({ chat }) => chat);
      return {
        // Without a chat there is nothing to go on from.
        snapshot: current.length === 0 ? undefined : { format: SNAPSHOT_FORMAT, user_id: userId, chats: current },
        people,
        messages: shown === undefined ? [] : [shown],
      };
    },
    async messages(userId, chatIds) {
      const { store } = (await open()).transaction('messages');
      const kept = await Promise.all(chatIds.map(async (chatId) => store.get([userId, chatId])));
      return kept.flatMap((messages) => messages ?? []);
    },
    async save(userId, { chats, gone, people }) {
      // A chat and its messages are always of the same moment.
      const transaction = (await open()).transaction(STORES, 'readwrite');
      const [keptChats, keptMessages, keptPeople] = [
        transaction.objectStore('chats'),
        transaction.objectStore('messages'),
        transaction.objectStore('people'),
      ];
      await Promise.all([
        ...chats.flatMap((chat) => [
          keptChats.put({ format: SNAPSHOT_FORMAT, chat: withNewestAlone(chat) }, [userId, chat.id]),
          keptMessages.put(messagesOf(chat), [userId, chat.id]),
        ]),
        ...gone.flatMap((chatId) => [keptChats.delete([userId, chatId]), keptMessages.delete([userId, chatId])]),
        ...people.map(async (person) => keptPeople.put(person, [userId, person.id])),
        // What is left of whoever was signed in before, where that session ended by itself.
        ...[keptChats, keptMessages, keptPeople].flatMap((kept) => [
          kept.delete(IDBKeyRange.upperBound([userId], true)),
          kept.delete(IDBKeyRange.lowerBound([userId + 1])),
        ]),
        transaction.done,
      ]);
    },
    async clear() {
      const transaction = (await open()).transaction(STORES, 'readwrite');
      await Promise.all([...STORES.map(async (name) => transaction.objectStore(name).clear()), transaction.done]);
    },
  };
}
