import { SNAPSHOT_FORMAT } from '@beseda/client/store/snapshot.ts';
import type { KeptChats } from '../state/keeping-chats.ts';
import type { OpenDatabase } from './browser-database.ts';

/** Chats and people as they were last seen, so that the page starts without a network. */
export function browserChats(open: OpenDatabase): KeptChats {
  return {
    async load(userId) {
      const database = await open();
      const mine = IDBKeyRange.bound([userId], [userId + 1], false, true);
      const [chats, people] = await Promise.all([database.getAll('chats', mine), database.getAll('people', mine)]);
      const current = chats.filter(({ format }) => format === SNAPSHOT_FORMAT);
      return {
        // Without a chat there is nothing to go on from.
        snapshot:
          current.length === 0
            ? undefined
            : { format: SNAPSHOT_FORMAT, user_id: userId, chats: current.map(({ chat }) => chat) },
        people,
      };
    },
    async save(userId, { chats, gone, people }) {
      const transaction = (await open()).transaction(['chats', 'people'], 'readwrite');
      const [keptChats, keptPeople] = [transaction.objectStore('chats'), transaction.objectStore('people')];
      await Promise.all([
        ...chats.map(async (chat) => keptChats.put({ format: SNAPSHOT_FORMAT, chat }, [userId, chat.id])),
        ...gone.map(async (chatId) => keptChats.delete([userId, chatId])),
        ...people.map(async (person) => keptPeople.put(person, [userId, person.id])),
        // What is left of whoever was signed in before, where that session ended by itself.
        ...[keptChats, keptPeople].flatMap((kept) => [
          kept.delete(IDBKeyRange.upperBound([userId], true)),
          kept.delete(IDBKeyRange.lowerBound([userId + 1])),
        ]),
        transaction.done,
      ]);
    },
    async clear() {
      const transaction = (await open()).transaction(['chats', 'people'], 'readwrite');
      await Promise.all([
        transaction.objectStore('chats').clear(),
        transaction.objectStore('people').clear(),
        transaction.done,
      ]);
    },
  };
}
