import { Changes, Chat } from '@beseda/protocol/chats.ts';
import { PINS } from '@beseda/protocol/limits.ts';
import { Message, Pins } from '@beseda/protocol/messages.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, type Answer, type Person } from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { connectSynced } from '../testing/synced-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { makeCrowd } from './crowd.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let vera: Person;

beforeAll(async () => {
  server = await startTestServer();
  [anna, boris, vera] = (await makeCrowd(server, 3)) as [Person, Person, Person];
});
afterAll(async () => {
  await server.stop();
});

const as = async (person: Person, method: string, path: string): Promise<Answer> =>
  ask(server, method, path, { token: person.token });
const pin = async (person: Person, chatId: number, id: number): Promise<Answer> =>
  as(person, 'PUT', `/messages/${chatId}/${id}/pin`);
const unpin = async (person: Person, chatId: number, id: number): Promise<Answer> =>
  as(person, 'DELETE', `/messages/${chatId}/${id}/pin`);
const pinsOf = async (person: Person, chatId: number): Promise<Pins> =>
  expectAnswer(as(person, 'GET', `/chats/${chatId}/pins`), 200, Pins);
const idsOf = async (person: Person, chatId: number): Promise<number[]> =>
  (await pinsOf(person, chatId)).map(({ id }) => id);
const versionOf = async (person: Person, chatId: number): Promise<number> =>
  (await expectAnswer(as(person, 'GET', `/chats/${chatId}`), 200, Chat)).version;

/** A group of Anna's with Boris, and some messages of his. */
async function talk(count = 3): Promise<number> {
  const { id } = await createGroup(server, anna, [boris]);
  for (let nth = 1; nth <= count; nth += 1) await sendText(server, boris, id, `message ${nth}`);
  return id;
}

describe('PN1 the state of a message tells whether it is pinned', () => {
  test('PN1 pinning takes one version, and is told by one message frame at both doors', async () => {
    const chatId = await talk();
    const [socket, device] = [await joinChat(server, chatId, boris.token), await connectSynced(server, boris)];
    const before = await versionOf(anna, chatId);
    server.clock.advance(60);
    const message = await expectAnswer(pin(anna, chatId, 2), 200, Message);
    expect(message).toMatchObject({ id: 2, version: before + 1, pinned_at: server.clock.now().toISOString() });
    for (const door of [socket, device]) {
      const frame = await door.next((one) => one.type === 'message');
      expect(frame).toMatchObject({ id: 2, version: before + 1, text: 'message 2', pinned_at: message.pinned_at });
    }
    expect(await versionOf(anna, chatId)).toBe(before + 1);

    const unpinned = await expectAnswer(unpin(anna, chatId, 2), 200, Message);
    expect(unpinned).toMatchObject({ id: 2, version: before + 2, pinned_at: null });
    for (const door of [socket, device]) {
      expect(await door.next((one) => one.type === 'message')).toMatchObject({ version: before + 2, pinned_at: null });
    }
    socket.close();
  });

  test('PN1 what is pinned already, or not pinned, takes no version and tells nobody', async () => {
    const chatId = await talk();
    const { version, pinned_at: at } = await expectAnswer(pin(anna, chatId, 1), 200, Message);
    server.clock.advance(60);
    expect(await expectAnswer(pin(anna, chatId, 1), 200, Message)).toMatchObject({ version, pinned_at: at });
    expect((await unpin(anna, chatId, 2)).status).toBe(200);
    expect(await versionOf(anna, chatId)).toBe(version);
  });

  test('PN1 who was away hears of it by changes and by the next sync', async () => {
    const chatId = await talk();
    const device = await connectSynced(server, boris);
    const since = await versionOf(boris, chatId);
    device.close();
    await pin(anna, chatId, 1);
    const { changes } = await expectAnswer(as(boris, 'GET', `/chats/${chatId}/changes?since=${since}`), 200, Changes);
    expect(changes).toMatchObject([{ type: 'message', id: 1, pinned_at: server.clock.now().toISOString() }]);
  });

  test('PN1 an edit leaves it pinned; deleting it unpins it for good', async () => {
    const chatId = await talk();
    await pin(anna, chatId, 1);
    const edited = await ask(server, 'PATCH', `/messages/${chatId}/1`, { token: boris.token, json: { text: 'other' } });
    expect(edited.body).toMatchObject({ text: 'other', pinned_at: server.clock.now().toISOString() });
    expect(await pinsOf(boris, chatId)).toMatchObject([{ id: 1, text: 'other' }]);
    await as(boris, 'DELETE', `/messages/${chatId}/1`);
    expect(await idsOf(boris, chatId)).toEqual([]);
    expect((await as(boris, 'GET', `/messages/${chatId}/1`)).body).toMatchObject({ pinned_at: null });
    for (const act of [pin, unpin]) {
      expect(await act(anna, chatId, 1)).toMatchObject({ status: 404, body: { code: 'message_not_found' } });
    }
  });
});

describe('PN2 who pins', () => {
  test('PN2 in a group its creator alone, and whoever it is handed over to', async () => {
    const chatId = await talk();
    for (const act of [pin, unpin]) {
      expect(await act(boris, chatId, 1)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await pin(anna, chatId, 1)).status).toBe(200);
    const json = { creator_id: boris.id };
    await ask(server, 'PATCH', `/groups/${chatId}`, { token: anna.token, json });
    expect(await unpin(anna, chatId, 1)).toMatchObject({ status: 403 });
    expect(await unpin(boris, chatId, 1)).toMatchObject({ status: 200, body: { pinned_at: null } });
  });

  test('PN2 in a personal chat both, whoever wrote the message or pinned it', async () => {
    const { id } = await openChat(server, anna, vera);
    await sendText(server, anna, id, 'hers');
    expect((await pin(vera, id, 1)).status).toBe(200);
    expect((await unpin(anna, id, 1)).status).toBe(200);
  });

  test('PN2 a chat that is not the caller’s is none', async () => {
    const chatId = await talk();
    for (const answer of [
      await pin(vera, chatId, 1),
      await unpin(vera, chatId, 1),
      await as(vera, 'GET', `/chats/${chatId}/pins`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    }
  });
});

describe('PN3 the pinned messages of a chat', () => {
  test('PN3 every member gets them, the one pinned last first, as they stand', async () => {
    const chatId = await talk(5);
    for (const id of [4, 1, 5]) {
      server.clock.advance(1);
      await pin(anna, chatId, id);
    }
    expect(await idsOf(boris, chatId)).toEqual([5, 1, 4]);
    await unpin(anna, chatId, 1);
    server.clock.advance(1);
    await pin(anna, chatId, 4);
    expect(await idsOf(boris, chatId)).toEqual([5, 4]);
    const pins = await pinsOf(anna, chatId);
    expect(pins[0]).toEqual((await as(anna, 'GET', `/messages/${chatId}/5`)).body);
    expect(await idsOf(anna, await talk(1))).toEqual([]);
  });

  test('PN3 of those pinned at one moment the later message comes first', async () => {
    const chatId = await talk(3);
    for (const id of [2, 3, 1]) await pin(anna, chatId, id);
    expect(await idsOf(anna, chatId)).toEqual([3, 2, 1]);
  });

  test('PN3 one past the hundredth is refused, until another is unpinned, however many ask at once', async () => {
    const chatId = await talk(PINS.max + 3);
    const most = Array.from({ length: PINS.max - 1 }, (_, index) => index + 1);
    for (const id of most) await pin(anna, chatId, id);
    const last = await Promise.all([0, 1, 2].map(async (more) => pin(anna, chatId, PINS.max + more)));
    expect(last.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(last.filter(({ status }) => status === 422)).toHaveLength(2);
    expect(await pin(anna, chatId, PINS.max + 3)).toMatchObject({ status: 422, body: { code: 'too_many_pins' } });
    expect(await pinsOf(boris, chatId)).toHaveLength(PINS.max);
    // One that is pinned stays so.
    expect((await pin(anna, chatId, 1)).status).toBe(200);
    await unpin(anna, chatId, 1);
    expect((await pin(anna, chatId, PINS.max + 3)).status).toBe(200);
  });
});
