import type { Outgoing } from '@beseda/client/queue/outgoing.ts';
import type { ChatSnapshot, KeptMessages } from '@beseda/client/store/snapshot.ts';
import type { User } from '@beseda/protocol/users.ts';
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';

/** What the browser keeps in IndexedDB. */
export interface Shape extends DBSchema {
  /** Messages on their way, with the tab that sends them. */
  outgoing: { key: string; value: Outgoing & { tab?: string } };
  /** By whose they are and the chat, with the number of the snapshot's shape; of the messages only the newest. */
  chats: { key: [userId: number, chatId: number]; value: { format: number; chat: ChatSnapshot } };
  /** The kept messages of each chat, which are read later than the chats. */
  messages: { key: [userId: number, chatId: number]; value: KeptMessages };
  /** People whose names were seen, by who saw them and their own id. */
  people: { key: [userId: number, personId: number]; value: User };
}

/** Opens the database when it is first wanted, and again where the browser has closed it. */
export type OpenDatabase = () => Promise<IDBPDatabase<Shape>>;

const VERSION = 3;

export function browserDatabase(name = 'beseda'): OpenDatabase {
  let database: Promise<IDBPDatabase<Shape>> | undefined;
  const letGo = (): void => {
    database = undefined;
  };
  return async () => {
    database ??= openDB<Shape>(name, VERSION, {
      async upgrade(made, oldVersion, _newVersion, transaction) {
        if (oldVersion < 1) made.createObjectStore('outgoing', { keyPath: 'client_id' });
        if (oldVersion < 2) {
          made.createObjectStore('chats');
          made.createObjectStore('people');
        }
        if (oldVersion < 3) {
          made.createObjectStore('messages');
          await setMessagesApart(transaction);
        }
      },
      // A newer page in another tab wants to change it; this one opens it again when it must.
      blocking(_current, _wanted, event) {
        letGo();
        if (event.target instanceof IDBDatabase) event.target.close();
      },
      terminated: letGo,
    });
    // One that could not be opened is opened again when it is next wanted.
    database.catch(letGo);
    return database;
  };
}

/** Up to version 2 the messages of a chat were kept within it. */
async function setMessagesApart(
  transaction: IDBPTransaction<Shape, StoreNames<Shape>[], 'versionchange'>,
): Promise<void> {
  const messages = transaction.objectStore('messages');
  let cursor = await transaction.objectStore('chats').openCursor();
  while (cursor !== null) {
    const { format, chat } = cursor.value;
    await messages.put(messagesOf(chat), cursor.key);
    await cursor.update({ format, chat: withNewestAlone(chat) });
    cursor = await cursor.continue();
  }
}

export function messagesOf({ id, version, messages }: ChatSnapshot): KeptMessages {
  return { chat_id: id, version, messages };
}

/** What the list shows of a chat, and all that a client goes on from but its other messages. */
export function withNewestAlone(chat: ChatSnapshot): ChatSnapshot {
  return { ...chat, messages: chat.messages.slice(-1) };
}
