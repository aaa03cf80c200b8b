import type { Outgoing } from '@beseda/client/queue/outgoing.ts';
import type { ChatSnapshot } from '@beseda/client/store/snapshot.ts';
import type { User } from '@beseda/protocol/users.ts';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** What the browser keeps in IndexedDB. */
export interface Shape extends DBSchema {
  /** Messages on their way, with the tab that sends them. */
  outgoing: { key: string; value: Outgoing & { tab?: string } };
  /** By whose they are and the chat, with the number of the snapshot's shape. */
  chats: { key: [userId: number, chatId: number]; value: { format: number; chat: ChatSnapshot } };
  /** People whose names were seen, by who saw them and their own id. */
  people: { key: [userId: number, personId: number]; value: User };
}

/** Opens the database when it is first wanted, and again where the browser has closed it. */
export type OpenDatabase = () => Promise<IDBPDatabase<Shape>>;

const VERSION = 2;

export function browserDatabase(name = 'beseda'): OpenDatabase {
  let database: Promise<IDBPDatabase<Shape>> | undefined;
  const letGo = (): void => {
    database = undefined;
  };
  return async () => {
    database ??= openDB<Shape>(name, VERSION, {
      upgrade(made, oldVersion) {
        if (oldVersion < 1) made.createObjectStore('outgoing', { keyPath: 'client_id' });
        if (oldVersion < 2) {
          made.createObjectStore('chats');
          made.createObjectStore('people');
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
