import type { Client } from '@beseda/client/client.ts';
import { createClient } from '@beseda/client/client.ts';
import { systemClock } from '@beseda/client/clock.ts';
import { cookieSession } from '@beseda/client/rest/cookie-session.ts';
import { createContext, use } from 'react';
import { createAccount, type Account } from '../state/account.ts';
import { createConnectionLine, type ConnectionLine } from '../state/connection-line.ts';
import { createDeletions, type Deletions } from '../state/deletions.ts';
import { createDrafts, type Drafts } from '../state/drafts.ts';
import { createNotices, type Notices } from '../state/notices.ts';
import { createPeople, type People } from '../state/people.ts';
import { createPreferences, type KeptPreferences } from '../state/preferences.ts';
import type { Watched } from '../state/watched.ts';
import { browserQueue } from '../storage/browser-queue.ts';
import { browserTexts } from '../storage/browser-texts.ts';
import { languageTags, type Language } from '../words/languages.ts';

/** All that the page works with, and that outlives any view. */
export interface World {
  client: Client;
  account: Account;
  people: People;
  drafts: Drafts;
  notices: Notices;
  deletions: Deletions;
  connection: Watched<ConnectionLine>;
  preferences: KeptPreferences<Language>;
}

/** Who is signed in, in `localStorage`: see `cookieSession`. */
const WHO = 'user';

export function createWorld(): World {
  const preferencesKept = browserTexts('beseda/');
  const userTexts = browserTexts('beseda-user/');
  const queue = browserQueue();
  const client = createClient({
    url: location.origin,
    session: cookieSession({
      load: () => Number(userTexts.get(WHO)),
      save: (userId) => userTexts.set(WHO, userId === undefined ? undefined : `${userId}`),
    }),
    queue,
    // What is deleted as the page goes is deleted all the same.
    fetch: async (url, init) => fetch(url, { ...init, keepalive: init.method === 'DELETE' }),
  });
  const people = createPeople(async (userId) => client.api.account.person(userId), queueMicrotask);
  client.store.watch({ of: 'inbox' }, () => {
    for (const { peer } of client.store.inbox()) if (peer !== null) people.learn(peer);
  });
  const notices = createNotices(systemClock);
  const deletions = createDeletions(client, notices);
  globalThis.addEventListener('online', () => client.online());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') client.online();
    // A page that is hidden may never come back.
    else deletions.flush();
  });
  // Another tab has signed in or out: what this one shows is not that user's.
  globalThis.addEventListener('storage', ({ key, newValue }) => {
    if (key === `beseda-user/${WHO}` && Number(newValue) !== client.userId) location.reload();
  });
  return {
    client,
    account: createAccount(client, async () => {
      for (const name of userTexts.names()) userTexts.set(name, undefined);
      await queue.clear();
      // Whoever signs in next begins with nothing of this user in memory either.
      location.replace('/');
    }),
    people,
    drafts: createDrafts(userTexts),
    notices,
    deletions,
    connection: createConnectionLine(client, systemClock),
    preferences: createPreferences(preferencesKept, languageTags, navigator.languages),
  };
}

export const WorldContext = createContext<World | undefined>(undefined);

export function useWorld(): World {
  const world = use(WorldContext);
  if (world === undefined) throw new Error('This view stands outside of the page.');
  return world;
}
