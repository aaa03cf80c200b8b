import type { Client } from '@beseda/client/client.ts';
import { createClient } from '@beseda/client/client.ts';
import { systemClock } from '@beseda/client/clock.ts';
import { fits } from '@beseda/client/parse.ts';
import { cookieSession } from '@beseda/client/rest/cookie-session.ts';
import { randomUuid } from '@beseda/client/uuid.ts';
import { User } from '@beseda/protocol/users.ts';
import { createContext, use } from 'react';
import { createAccount, type Account } from '../state/account.ts';
import { createConnectionLine, type ConnectionLine } from '../state/connection-line.ts';
import { createDeletions, type Deletions } from '../state/deletions.ts';
import { createDrafts, DRAFT, type Drafts } from '../state/drafts.ts';
import { createFileUploads, type FileUploads } from '../state/file-uploads.ts';
import { createEmojiHabits, type KeptEmojiHabits } from '../state/emoji-habits.ts';
import { keepChats } from '../state/keeping-chats.ts';
import { createMentionMarks } from '../state/mention-marks.ts';
import { createNotices, type Notices } from '../state/notices.ts';
import { createPeople, type People } from '../state/people.ts';
import { createPreferences, type KeptPreferences } from '../state/preferences.ts';
import { readAhead } from '../state/reading-ahead.ts';
import { recallMessages } from '../state/recalling.ts';
import type { Watched } from '../state/watched.ts';
import { browserQueue } from '../storage/browser-queue.ts';
import { livingTabs } from '../storage/living-tabs.ts';
import { queueOrMemory } from '../storage/queue-or-memory.ts';
import { browserTexts } from '../storage/browser-texts.ts';
import { chats, database, firstRead, firstUser, USER_TEXTS, userTexts, WHO } from './first-reading.ts';
import { onceAFrame } from './once-a-frame.ts';
import { afterPaint } from './after-paint.ts';
import { keepPageOffline, type AppUpdate } from './app-update.ts';
import { closeAllNotifications } from './attention/shown-notifications.ts';
import { languageTags, wordsOf, type Language } from '../words/languages.ts';

/** All that the page works with, and that outlives any view. */
export interface World {
  client: Client;
  account: Account;
  people: People;
  drafts: Drafts;
  uploads: FileUploads;
  habits: KeptEmojiHabits;
  /** The chats in which the user is mentioned and has not read it. */
  mentionMarks: Watched<ReadonlySet<number>>;
  notices: Notices;
  deletions: Deletions;
  connection: Watched<ConnectionLine>;
  preferences: KeptPreferences<Language>;
  update: AppUpdate;
  /** The page has been drawn for the first time: what can wait until then goes on. */
  drawn: () => void;
}

/** What the names of preferences begin with in `localStorage`. */
const PREFERENCES = 'beseda/';

/** What is kept is read before anything is shown. */
export async function createWorld(): Promise<World> {
  const preferences = createPreferences(browserTexts(PREFERENCES), languageTags, navigator.languages);
  // They are read while the chats are.
  void wordsOf(preferences.get().language);
  const opening = queueOrMemory(database, browserQueue(database, livingTabs(randomUuid()), userTexts));
  const kept = await firstRead;
  const queue = await opening;
  const client = createClient({
    url: location.origin,
    session: cookieSession({
      load: () => Number(userTexts.get(WHO)),
      save: (userId) => userTexts.set(WHO, userId === undefined ? undefined : `${userId}`),
    }),
    queue,
    schedule: onceAFrame,
    // What is deleted or changed as the page goes is so all the same; of files, browsers take too little along.
    fetch: async (url, init) =>
      fetch(url, { ...init, keepalive: /^(?:DELETE|PATCH)$/.test(init.method) && typeof init.body !== 'object' }),
    ...(kept.snapshot === undefined ? {} : { snapshot: kept.snapshot }),
  });
  for (const messages of kept.messages) client.recall(messages);
  const people = createPeople(async (userId) => client.api.account.person(userId), queueMicrotask);
  people.recall(kept.people.filter((person) => fits(User, person)));
  const learnPeers = (): void => {
    for (const { peer } of client.store.inbox()) if (peer !== null) people.learn(peer);
  };
  learnPeers();
  client.store.watch({ of: 'inbox' }, learnPeers);
  client.onState(({ name }) => {
    if (name === 'live') people.recheck();
  });
  const notices = createNotices(systemClock);
  const drafts = createDrafts(userTexts, () => client.userId);
  const deletions = createDeletions(client, notices);
  const drawn = Promise.withResolvers<void>();
  const rest = drawn.promise.then(async () => recallMessages(client, chats, firstUser, afterPaint));
  readAhead(client, rest);
  // A full disk, say: what is shown is not touched by it.
  const keeping = keepChats(client, people, chats, systemClock, rest, () => undefined);
  globalThis.addEventListener('pagehide', () => void keeping.flush());
  globalThis.addEventListener('online', () => client.online());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      client.online();
      return;
    }
    // A page that is hidden may never come back.
    deletions.flush();
    void keeping.flush();
  });
  // Another tab has signed in or out: what this one shows is not that user's.
  globalThis.addEventListener('storage', ({ key, newValue }) => {
    if (key?.startsWith(PREFERENCES) === true) preferences.reread();
    if (key?.startsWith(USER_TEXTS + DRAFT) === true) drafts.reread();
    if (key === USER_TEXTS + WHO && Number(newValue) !== client.userId) location.reload();
  });
  return {
    client,
    account: createAccount(
      client,
      async () => {
        for (const name of userTexts.names()) userTexts.set(name, undefined);
        // Where the browser keeps nothing there is nothing to clear, and it says so by an error.
        await Promise.allSettled([queue.clear(), chats.clear(), closeAllNotifications()]);
        // Whoever signs in next begins with nothing of this user in memory either.
        location.replace('/');
      },
      // What was written here and has not left stays, for when they sign in again.
      async () => {
        keeping.forgotten();
        await Promise.allSettled([chats.clear(), closeAllNotifications()]);
      },
    ),
    people,
    drafts,
    uploads: createFileUploads(client, systemClock, Math.random),
    habits: createEmojiHabits(userTexts),
    mentionMarks: createMentionMarks(client.store, people, () => client.userId),
    notices,
    deletions,
    connection: createConnectionLine(client, systemClock),
    preferences,
    update: keepPageOffline(),
    drawn: drawn.resolve,
  };
}

export const WorldContext = createContext<World | undefined>(undefined);

export function useWorld(): World {
  const world = use(WorldContext);
  if (world === undefined) throw new Error('This view stands outside of the page.');
  return world;
}
