import { Chat } from '@beseda/protocol/chats.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, type Answer, type Person } from '../testing/api-client.ts';
import { joinChat, type Frame } from '../testing/chat-socket.ts';
import type { MainClient } from '../testing/main-socket.ts';
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

const set = async (person: Person, chatId: number | string, json: unknown): Promise<Answer> =>
  ask(server, 'PATCH', `/chats/${chatId}/settings`, { token: person.token, json });

const chatOf = async (person: Person, chatId: number): Promise<Chat> =>
  expectAnswer(ask(server, 'GET', `/chats/${chatId}`, { token: person.token }), 200, Chat);

const device = async (person: Person): Promise<MainClient> => connectSynced(server, person);

/** What a device was told of a chat's settings, once what was under way has come. */
async function told(client: MainClient, chatId: number): Promise<Frame[]> {
  client.send({ type: 'ping', ref: 'all' });
  await client.next((frame) => frame.type === 'pong');
  return client.frames.filter((frame) => frame.type === 'settings' && frame['chat_id'] === chatId);
}

const settings = (chatId: number, muted: boolean, pinned: boolean) => ({
  type: 'settings',
  chat_id: chatId,
  muted,
  pinned,
});

describe('MK6 muted and pinned', () => {
  test('MK6 each is set by itself, and what is left out stays', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    expect(await chatOf(boris, id)).toMatchObject({ muted: false, pinned: false });
    expect(await set(boris, id, { muted: true })).toMatchObject({ status: 204 });
    expect(await chatOf(boris, id)).toMatchObject({ muted: true, pinned: false });
    await set(boris, id, { pinned: true });
    expect(await chatOf(boris, id)).toMatchObject({ muted: true, pinned: true });
    await set(boris, id, {});
    await set(boris, id, { muted: false });
    expect(await chatOf(boris, id)).toMatchObject({ muted: false, pinned: true });
    await set(boris, id, { muted: true, pinned: false });
    expect(await chatOf(boris, id)).toMatchObject({ muted: true, pinned: false });
  });

  test('MK6 they are the user’s alone: nobody else sees or hears of them, at either door', async () => {
    const chat = await openChat(server, anna, boris);
    const [hers, atChat] = [await device(anna), await joinChat(server, chat.id, anna.token)];
    const ownAtChat = await joinChat(server, chat.id, boris.token);
    await set(boris, chat.id, { muted: true, pinned: true });
    expect(await chatOf(anna, chat.id)).toMatchObject({ muted: false, pinned: false });
    const { id } = await sendText(server, vera, (await openChat(server, vera, boris)).id, 'another chat');
    expect(id).toBe(1);
    const message = await sendText(server, anna, chat.id, 'hello');
    for (const socket of [hers, atChat, ownAtChat]) {
      await socket.next((frame) => frame['id'] === message.id && frame['chat_id'] === chat.id);
      expect(socket.frames.filter(({ type }) => type === 'settings')).toEqual([]);
    }
    atChat.close();
    ownAtChat.close();
  });

  test('MK6 the user’s devices hear of each change, and of nothing where nothing changes', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    const [one, other] = [await device(boris), await device(boris)];
    await set(boris, id, { pinned: true });
    await set(boris, id, { pinned: true });
    await set(boris, id, { muted: true });
    await set(boris, id, { muted: false, pinned: false });
    for (const client of [one, other]) {
      expect(await told(client, id)).toEqual([
        settings(id, false, true),
        settings(id, true, true),
        settings(id, false, false),
      ]);
    }
  });

  test('MK6 a sync tells what is set, and nothing of a chat where nothing is', async () => {
    const [group, plain] = [await createGroup(server, vera), await createGroup(server, vera)];
    await set(vera, group.id, { muted: true });
    await set(vera, plain.id, { muted: true });
    await set(vera, plain.id, { muted: false });
    const late = await device(vera);
    expect(await told(late, group.id)).toEqual([settings(group.id, true, false)]);
    expect(await told(late, plain.id)).toEqual([]);
  });

  test('MK6 they move neither the inbox nor a mark, and take no version', async () => {
    const chats = [await createGroup(server, vera), await createGroup(server, vera)];
    const [first, second] = [chats[0]?.id ?? 0, chats[1]?.id ?? 0];
    await sendText(server, vera, first, 'earlier');
    server.clock.advance(1000);
    await sendText(server, vera, second, 'later');
    const before = await chatOf(vera, first);
    await set(vera, first, { pinned: true });
    expect(await chatOf(vera, first)).toEqual({ ...before, pinned: true });
    const { body } = await ask(server, 'GET', '/chats/', { token: vera.token });
    const ids = Object(body).chats.map(({ id }: Chat) => id);
    expect(ids.indexOf(second)).toBeLessThan(ids.indexOf(first));
  });

  test('MK6 who leaves and comes again begins without them', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    await set(boris, id, { muted: true, pinned: true });
    await ask(server, 'DELETE', `/groups/${id}/members/me`, { token: boris.token });
    expect(await set(boris, id, { muted: true })).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    await ask(server, 'POST', `/groups/${id}/members/${boris.id}`, { token: anna.token });
    expect(await chatOf(boris, id)).toMatchObject({ muted: false, pinned: false });
    expect(await told(await device(boris), id)).toEqual([]);
  });

  test('MK6 of what is set at one time from many devices, each change counts, and all hear the same at the end', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    const client = await device(boris);
    const changes = Array.from({ length: 40 }, (_, at) => ({ [at % 2 === 0 ? 'muted' : 'pinned']: at % 3 === 0 }));
    await Promise.all(changes.map(async (change) => set(boris, id, change)));
    const { muted, pinned } = await chatOf(boris, id);
    expect((await told(client, id)).at(-1) ?? settings(id, false, false)).toEqual(settings(id, muted, pinned));
  });

  test('MK6 a chat that is not the caller’s is none: 404', async () => {
    const { id } = await createGroup(server, anna);
    for (const chatId of [id, 999_999]) {
      expect(await set(vera, chatId, { muted: true })).toMatchObject({
        status: 404,
        body: { code: 'chat_not_found' },
      });
    }
  });

  test.each([
    [{ muted: 'yes' }, ['body', 'muted']],
    [{ muted: null }, ['body', 'muted']],
    [{ pinned: 1 }, ['body', 'pinned']],
    [[], ['body']],
  ])('MK6 %j is refused with 422, and changes nothing', async (json, loc) => {
    const { id } = await createGroup(server, anna);
    expect(await set(anna, id, json)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ loc }] },
    });
    expect(await chatOf(anna, id)).toMatchObject({ muted: false, pinned: false });
  });

  test('MK6 what else stands in the body sets nothing', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    await sendText(server, anna, id, 'hello');
    await set(boris, id, { pinned: true, last_read_id: 1, lastReadId: 1, deliveredId: 1, unreadFromId: 1 });
    expect(await chatOf(boris, id)).toMatchObject({ pinned: true, last_read_id: 0, marked_unread_id: null });
  });
});
