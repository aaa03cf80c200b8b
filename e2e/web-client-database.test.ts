import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChat, sendText, signUp } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, signInOnPage } from './chat-page.testing.ts';
import { kept, keptOnDisk, settled } from './kept-data.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({}, {}, WEB_FOLDER);
});
afterAll(async () => server.stop());

const openTab = useBrowser();

/** Makes the database one of version 2: chats with their messages within them, and a message on its way. */
function asVersion2(outgoing: unknown): string {
  return `new Promise((resolve, reject) => {
    const all = {};
    const opening = indexedDB.open('beseda');
    opening.onsuccess = () => {
      const stores = ['chats', 'messages', 'people'];
      const reading = opening.result.transaction(stores);
      for (const name of stores) {
        const store = reading.objectStore(name);
        const [keys, values] = [store.getAllKeys(), store.getAll()];
        all[name] = () => keys.result.map((key, at) => [key, values.result[at]]);
      }
      reading.oncomplete = () => {
        opening.result.close();
        indexedDB.deleteDatabase('beseda').onsuccess = () => {
          const making = indexedDB.open('beseda', 2);
          making.onerror = () => reject(making.error);
          making.onupgradeneeded = () => {
            const made = making.result;
            made.createObjectStore('outgoing', { keyPath: 'client_id' }).put(${JSON.stringify(outgoing)});
            const [chats, people] = [made.createObjectStore('chats'), made.createObjectStore('people')];
            const messages = new Map(all.messages().map(([key, value]) => [String(key), value.messages]));
            for (const [key, { format, chat }] of all.chats()) {
              chats.put({ format, chat: { ...chat, messages: messages.get(String(key)) } }, key);
            }
            for (const [key, person] of all.people()) people.put(person, key);
          };
          making.onsuccess = () => {
            making.result.close();
            resolve();
          };
        };
      };
    };
  })`;
}

test('a database of the version before is taken over: chats, all their messages, and what has not left yet', async () => {
  const [anna, boris] = [await signUp(server), await signUp(server)];
  const chat = await openChat(server, anna, boris);
  for (const text of ['said first', 'said second']) await sendText(server, boris, chat.id, text);
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await page.goto(`${server.url}/c/${chat.id}`);
  await bubbles(page, 'said second').waitFor();
  await settled(page);
  for (const text of ['said first', boris.username]) await keptOnDisk(page, text);

  // A page of this server that has none of the client's scripts.
  await page.goto(`${server.url}/favicon.svg`);
  const outgoing = {
    client_id: randomUUID(),
    sender_id: anna.id,
    chat_id: chat.id,
    order: 0,
    text: 'written before the update',
    reply_to: null,
    created_at: '2026-11-22T10:00:00.000Z',
    failure: null,
    message_id: null,
    edited: null,
    dropped: false,
    reactions: [],
  };
  await page.evaluate(asVersion2(outgoing));
  await page.context().setOffline(true);
  await page.goto(`${server.url}/c/${chat.id}`);
  for (const text of ['said first', 'said second']) await bubbles(page, text).waitFor();
  await bubbles(page, outgoing.text).getByRole('img', { name: 'Sending' }).waitFor();
  expect((await kept(page))['chats']).not.toContain('said first');
  expect((await kept(page))['messages']).toContain('said first');

  await page.context().setOffline(false);
  await bubbles(page, outgoing.text).getByRole('img', { name: 'Sent' }).waitFor();
  expect(await bubbles(page, outgoing.text).count()).toBe(1);
});
