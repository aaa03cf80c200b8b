import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, sendText, signUp, type Person } from '../../server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import type { Client } from '../src/client.ts';
import type { Fetch } from '../src/rest/ask.ts';
import { becomes, clientOf, live } from './people.testing.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startTestServer();
  [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
});
afterAll(async () => {
  for (const client of clients) client.stop();
  await server.stop();
});

async function liveClientOf(person: Person, chatId: number, fetch?: Fetch): Promise<Client> {
  const client = await clientOf(server, person, fetch === undefined ? {} : { fetch });
  clients.push(client);
  return live(client, chatId);
}

async function talk(count: number): Promise<number> {
  const { id } = await createGroup(server, anna, [boris]);
  for (let nth = 1; nth <= count; nth += 1) await sendText(server, anna, id, `message ${nth}`);
  return id;
}

const set = async (method: 'PUT' | 'DELETE', chatId: number, id: number) => {
  server.clock.advance(1);
  return ask(server, method, `/messages/${chatId}/${id}/pin`, { token: anna.token });
};

const idsOf = (client: Client, chatId: number) => client.store.pins(chatId)?.map(({ id }) => id);

/** Settles once these are pinned, as far as the client knows. */
const pinned = async (client: Client, chatId: number, ids: number[]): Promise<void> =>
  becomes(client, { of: 'pins', chatId }, () => idsOf(client, chatId)?.join() === ids.join());

describe('the pinned messages of a chat', () => {
  test('PN3 are unknown until they are read, and then follow what frames tell', async () => {
    const chatId = await talk(3);
    await set('PUT', chatId, 1);
    const client = await liveClientOf(boris, chatId);
    expect(client.store.pins(chatId)).toBe(undefined);
    await client.loadPins(chatId);
    expect(idsOf(client, chatId)).toEqual([1]);
    await set('PUT', chatId, 3);
    await pinned(client, chatId, [3, 1]);
    await ask(server, 'PATCH', `/messages/${chatId}/1`, { token: anna.token, json: { text: 'edited' } });
    await becomes(client, { of: 'pins', chatId }, () => client.store.pins(chatId)?.[1]?.text === 'edited');
    await set('DELETE', chatId, 3);
    await pinned(client, chatId, [1]);
    await ask(server, 'DELETE', `/messages/${chatId}/1`, { token: anna.token });
    await pinned(client, chatId, []);
  });

  test('PN1 what is told while they are read is not undone by what was read before it', async () => {
    const chatId = await talk(3);
    for (const id of [1, 2]) await set('PUT', chatId, id);
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const client = await liveClientOf(boris, chatId, async (url, init) => {
      const response = await fetch(url, init);
      const answer = { status: response.status, body: await response.text() };
      if (url.endsWith('/pins')) {
        asked.resolve();
        await held.promise;
      }
      return { status: answer.status, text: async () => answer.body };
    });
    const loading = client.loadPins(chatId);
    await asked.promise;
    await set('DELETE', chatId, 1);
    await set('PUT', chatId, 3);
    await becomes(client, { of: 'message', chatId, messageId: 3 }, () => {
      return typeof client.store.message(chatId, 3)?.pinned_at === 'string';
    });
    held.resolve();
    await loading;
    expect(idsOf(client, chatId)).toEqual([3, 2]);
  });

  test('PN1 one’s own pin is there with the answer, and one that is refused is not', async () => {
    const chatId = await talk(2);
    const [hers, his] = [await liveClientOf(anna, chatId), await liveClientOf(boris, chatId)];
    for (const client of [hers, his]) await client.loadPins(chatId);
    await hers.pin(chatId, 2);
    expect(idsOf(hers, chatId)).toEqual([2]);
    await pinned(his, chatId, [2]);
    await expect(his.pin(chatId, 1)).rejects.toMatchObject({ code: 'forbidden' });
    expect(idsOf(his, chatId)).toEqual([2]);
    await hers.pin(chatId, 2, false);
    expect(idsOf(hers, chatId)).toEqual([]);
  });
});
