import { Chat } from '@beseda/protocol/chats.ts';
import { Message } from '@beseda/protocol/messages.ts';
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
});
afterAll(async () => {
  await server.stop();
});

async function history(person: Person, chatId: number, query = ''): Promise<Message[]> {
  const answer = ask(server, 'GET', `/messages/history/${chatId}${query}`, { token: person.token });
  return expectAnswer(answer, 200, Type.Array(Message));
}

async function ids(chatId: number, query: string): Promise<number[]> {
  return (await history(anna, chatId, query)).map(({ id }) => id);
}

async function mark(person: Person, chatId: number, messageId: number): Promise<void> {
  const socket = await joinChat(server, chatId, person.token);
  socket.send({ type: 'read', message_id: messageId, ref: 'r' });
  await socket.next(({ type }) => type === 'ack');
  socket.close();
}

async function send(person: Person, chatId: number, json: object, key?: string) {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return ask(server, 'POST', `/messages/${chatId}/send`, { token: person.token, json, headers });
}

describe('HT1 sending', () => {
  test.each(['', '/'])('HT1 POST /messages/{chat_id}/send%s answers 201 with the message', async (slash) => {
    const chat = await openChat(server, anna, boris);
    const json = { text: '  Hello, world! ' };
    const { status, body } = await ask(server, 'POST', `/messages/${chat.id}/send${slash}`, {
      token: anna.token,
      json,
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(Number),
      chat_id: chat.id,
      version: expect.any(Number),
      sender_id: anna.id,
      client_id: null,
      text: 'Hello, world!',
      is_read: false,
      created_at: server.clock.now().toISOString(),
      reply_to: null,
      reactions: [],
      files: [],
      edited_at: null,
      deleted_at: null,
      pinned_at: null,
      forwarded_from: null,
    });
  });
});

describe('HT1 history', () => {
  let chatId: number;
  beforeAll(async () => {
    chatId = (await createGroup(server, anna, [boris])).id;
    for (let id = 1; id <= 250; id += 1) await sendText(server, id % 2 === 0 ? anna : boris, chatId, `message ${id}`);
  });

  test.each(['', '/'])(
    'HT1 GET /messages/history/{chat_id}%s is an array, newest first, a hundred by default',
    async (slash) => {
      const messages = await history(anna, chatId, slash);
      expect(messages.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => 250 - index));
      expect(messages[0]).toMatchObject({ id: 250, text: 'message 250', sender_id: anna.id });
    },
  );

  test('HT1 limit says how many, offset how many of the newest to pass over', async () => {
    expect(await ids(chatId, '?limit=3&offset=0')).toEqual([250, 249, 248]);
    expect(await ids(chatId, '?limit=3&offset=2')).toEqual([248, 247, 246]);
    expect(await ids(chatId, '?limit=200')).toHaveLength(200);
    expect(await ids(chatId, '?limit=3&offset=248')).toEqual([2, 1]);
    expect(await ids(chatId, '?limit=3&offset=250')).toEqual([]);
    expect(await ids(chatId, `?offset=${Number.MAX_SAFE_INTEGER}`)).toEqual([]);
  });

  test('HT1 before and after page next to a message, newest first too', async () => {
    expect(await ids(chatId, '?limit=3&before=250')).toEqual([249, 248, 247]);
    expect(await ids(chatId, '?limit=3&before=2')).toEqual([1]);
    expect(await ids(chatId, '?before=1')).toEqual([]);
    expect(await ids(chatId, '?limit=3&before=999999')).toEqual([250, 249, 248]);
    expect(await ids(chatId, '?limit=3&after=0')).toEqual([3, 2, 1]);
    expect(await ids(chatId, '?limit=3&after=248')).toEqual([250, 249]);
    expect(await ids(chatId, '?after=250')).toEqual([]);
    expect(await ids(chatId, `?after=${Number.MAX_SAFE_INTEGER}`)).toEqual([]);
  });

  test('HT1 pages by offset and by before are the same all the way down', async () => {
    const whole = Array.from({ length: 250 }, (_, index) => 250 - index);
    const byOffset: number[] = [];
    const byBefore: number[] = [];
    for (let offset = 0; offset < 250; offset += 49)
      byOffset.push(...(await ids(chatId, `?limit=49&offset=${offset}`)));
    for (let before = 251; before > 1; before = byBefore.at(-1) ?? 0) {
      byBefore.push(...(await ids(chatId, `?limit=49&before=${before}`)));
    }
    expect(byOffset).toEqual(whole);
    expect(byBefore).toEqual(whole);
  });

  test('HT1 from pages the first messages of a moment or later, newest first too', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    const starts: Date[] = [];
    for (let index = 0; index < 9; index += 1) {
      server.clock.advance(10);
      starts.push(server.clock.now());
      for (let nth = 0; nth < 3; nth += 1) await sendText(server, anna, id, `${index}, ${nth}`);
    }
    for (const [index, start] of starts.entries()) {
      expect(await ids(id, `?limit=2&from=${start.toISOString()}`)).toEqual([index * 3 + 2, index * 3 + 1]);
      const justBefore = new Date(start.getTime() - 1).toISOString();
      expect(await ids(id, `?limit=1&from=${justBefore}`)).toEqual([index * 3 + 1]);
    }
    expect(await ids(id, '?limit=1&from=0000-01-01T00:00:00Z')).toEqual([1]);
    expect(await ids(id, '?from=9999-12-31T23:59:59Z')).toEqual([]);
    expect(await ids((await createGroup(server, anna)).id, '?from=2020-01-01T00:00:00Z')).toEqual([]);
    const sameMoment = encodeURIComponent((starts[4] ?? new Date()).toISOString().replace('Z', '+00:00'));
    expect(await ids(id, `?limit=1&from=${sameMoment}`)).toEqual([13]);
    for (const from of ['today', '2026-11-22', '2026-12-31T23:59:60Z']) {
      const answer = await ask(server, 'GET', `/messages/history/${id}?from=${from}`, { token: anna.token });
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ loc: ['query', 'from'] }] },
      });
    }
  });

  test('HT1 more than one of offset, before, after and from is refused', async () => {
    const from = 'from=2026-11-22T00:00:00Z';
    for (const query of [
      '?before=5&after=2',
      '?offset=1&before=5',
      '?offset=1&after=5',
      `?before=5&${from}`,
      `?after=0&${from}`,
    ]) {
      const answer = await ask(server, 'GET', `/messages/history/${chatId}${query}`, { token: anna.token });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    }
  });
});

describe('HT2 is_read', () => {
  test('HT2 a message is read once another member’s mark has reached it; the sender’s own counts for nothing', async () => {
    const group = await createGroup(server, anna, [boris]);
    for (const text of ['one', 'two', 'three']) await sendText(server, anna, group.id, text);
    const isRead = async () => (await history(anna, group.id)).map((message) => message.is_read);
    expect(await isRead()).toEqual([false, false, false]);
    await mark(anna, group.id, 3);
    expect(await isRead()).toEqual([false, false, false]);
    await mark(boris, group.id, 2);
    expect(await isRead()).toEqual([false, true, true]);
    expect((await history(boris, group.id)).map((message) => message.is_read)).toEqual([false, true, true]);
  });

  test('HT2 one who has just been added has read nothing, and finds nothing waiting', async () => {
    const group = await createGroup(server, anna);
    for (const text of ['one', 'two']) await sendText(server, anna, group.id, text);
    await ask(server, 'POST', `/groups/${group.id}/members/${boris.id}`, { token: anna.token });
    const isRead = async () => (await history(anna, group.id)).map((message) => message.is_read);
    expect(await isRead()).toEqual([false, false]);
    const answer = ask(server, 'GET', `/chats/${group.id}`, { token: boris.token });
    expect(await expectAnswer(answer, 200, Chat)).toMatchObject({ unread_count: 0, last_message: { is_read: false } });
    await sendText(server, anna, group.id, 'three');
    await mark(boris, group.id, 3);
    expect(await isRead()).toEqual([true, true, true]);
  });

  test('HT2 a mark never goes back', async () => {
    const peer = await signUp(server);
    const group = await createGroup(server, anna, [peer]);
    for (const text of ['one', 'two']) await sendText(server, anna, group.id, text);
    await mark(peer, group.id, 2);
    await mark(peer, group.id, 1);
    const answer = ask(server, 'GET', `/chats/${group.id}`, { token: peer.token });
    expect(await expectAnswer(answer, 200, Chat)).toMatchObject({ last_read_id: 2 });
  });
});

describe('HT4 ID5 a repeated message', () => {
  test('HT4 the same Idempotency-Key answers with the first message, says so, and stores nothing', async () => {
    const group = await createGroup(server, anna, [boris]);
    const key = randomUUID();
    const first = await send(anna, group.id, { text: 'pay once' }, key);
    const again = await send(anna, group.id, { text: 'pay once' }, key.toUpperCase());
    const inBody = await send(anna, group.id, { text: 'pay twice?', client_id: key });
    expect(first).toMatchObject({ status: 201, body: { text: 'pay once', client_id: key } });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    expect(inBody.body).toEqual(first.body);
    expect(await history(anna, group.id)).toHaveLength(1);
  });

  test('HT4 the key is the sender’s and the chat’s own: others may use the same one', async () => {
    const [one, two] = [await createGroup(server, anna, [boris]), await createGroup(server, anna, [boris])];
    const key = randomUUID();
    await send(anna, one.id, { text: 'a' }, key);
    expect(await send(boris, one.id, { text: 'b' }, key)).toMatchObject({ body: { id: 2, text: 'b' } });
    expect(await send(anna, two.id, { text: 'c' }, key)).toMatchObject({ body: { id: 1, text: 'c' } });
  });

  test('HT4 a key and a client_id that differ, or are no UUID, are refused', async () => {
    const group = await createGroup(server, anna);
    expect(await send(anna, group.id, { text: 'a', client_id: randomUUID() }, randomUUID())).toMatchObject({
      status: 422,
    });
    expect(await send(anna, group.id, { text: 'a' }, 'x')).toMatchObject({ status: 422 });
    expect(await send(anna, group.id, { text: 'a', client_id: `urn:uuid:${randomUUID()}` })).toMatchObject({
      status: 422,
    });
    expect(await history(anna, group.id)).toEqual([]);
  });

  test('HT4 a repeat over a socket answers as REST did, and nobody hears of it', async () => {
    const group = await createGroup(server, anna, [boris]);
    const [hers, his] = [await joinChat(server, group.id, anna.token), await joinChat(server, group.id, boris.token)];
    const key = randomUUID();
    const { body } = await send(anna, group.id, { text: 'once' }, key);
    expect(await his.next()).toMatchObject({ text: 'once' });
    expect(await hers.next()).toMatchObject({ text: 'once' });
    hers.send({ type: 'message', text: 'twice', client_id: key });
    expect(await hers.next()).toEqual({ type: 'ack', client_id: key, chat_id: group.id, message_id: 1, version: 4 });
    await sendText(server, anna, group.id, 'another');
    expect(await his.next()).toMatchObject({ text: 'another' });
    expect(body).toMatchObject({ id: 1 });
    hers.close();
    his.close();
  });

  test('HT4 fifty sends of one client_id at once, over REST and sockets, store one row', async () => {
    const group = await createGroup(server, anna, [boris]);
    const key = randomUUID();
    const sockets = await Promise.all(Array.from({ length: 5 }, async () => joinChat(server, group.id, anna.token)));
    const acked = sockets.flatMap((socket) =>
      Array.from({ length: 5 }, async () => {
        socket.send({ type: 'message', text: 'at once', client_id: key });
        return (await socket.next(({ type }) => type === 'ack'))['message_id'];
      }),
    );
    const answered = Array.from({ length: 25 }, async () => {
      const { body } = await send(anna, group.id, { text: 'at once' }, key);
      return body;
    });
    expect(await Promise.all(acked)).toEqual(Array(25).fill(1));
    const [message] = await history(anna, group.id);
    expect(await Promise.all(answered)).toEqual(Array(25).fill(message));
    expect(await history(anna, group.id)).toHaveLength(1);
    for (const socket of sockets) socket.close();
  });
});
