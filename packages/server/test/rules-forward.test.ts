import { Changes } from '@beseda/protocol/chats.ts';
import { FORWARDED } from '@beseda/protocol/limits.ts';
import { Forwarded, Message } from '@beseda/protocol/messages.ts';
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, type Answer, type Person } from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
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

const forward = async (person: Person, json: object): Promise<Answer> =>
  ask(server, 'POST', '/messages/forward', { token: person.token, json });
const forwarded = async (person: Person, json: object): Promise<Message[]> =>
  (await expectAnswer(forward(person, json), 201, Forwarded)).messages;
const history = async (person: Person, chatId: number): Promise<Message[]> =>
  expectAnswer(ask(server, 'GET', `/messages/history/${chatId}`, { token: person.token }), 200, Type.Array(Message));
const textsOf = async (person: Person, chatId: number): Promise<string[]> =>
  (await history(person, chatId)).map(({ text }) => text).toReversed();

/** A group of Boris's with Anna, with three messages of his, and the personal chat of Anna and Vera. */
async function scene() {
  const from = (await createGroup(server, boris, [anna])).id;
  for (const text of ['one', 'two', 'three']) await sendText(server, boris, from, text);
  return { from, at: server.clock.now().toISOString(), to: (await openChat(server, anna, vera)).id };
}

describe('FW1 forwarding', () => {
  test('FW1 sends the texts to each chat in the order asked for, as messages like any other', async () => {
    const { from, at, to } = await scene();
    const group = (await createGroup(server, anna, [vera])).id;
    const socket = await joinChat(server, group, vera.token);
    const before = (await textsOf(anna, to)).length;
    server.clock.advance(60);
    const messages = await forwarded(anna, { chat_id: from, messages: [{ id: 3 }, { id: 1 }], chat_ids: [to, group] });
    expect(messages.map(({ chat_id: chatId, text }) => [chatId, text])).toEqual([
      [to, 'three'],
      [to, 'one'],
      [group, 'three'],
      [group, 'one'],
    ]);
    const origin = { sender_id: boris.id, created_at: at };
    for (const message of messages) {
      expect(message).toMatchObject({ sender_id: anna.id, forwarded_from: origin, reply_to: null, is_read: false });
      expect(message.created_at).toBe(server.clock.now().toISOString());
    }
    expect((await textsOf(vera, to)).slice(before)).toEqual(['three', 'one']);
    for (const text of ['three', 'one']) {
      expect(await socket.next(({ type }) => type === 'message')).toMatchObject({ text, forwarded_from: origin });
    }
    socket.close();
    const { changes } = await expectAnswer(
      ask(server, 'GET', `/chats/${group}/changes?since=3`, { token: vera.token }),
      200,
      Changes,
    );
    expect(changes).toMatchObject([{ forwarded_from: origin }, { forwarded_from: origin }]);
    // The history is made by the database, and tells the same.
    const [newest] = await history(vera, group);
    expect(newest).toMatchObject({ text: 'one', forwarded_from: origin });
    const own = await sendText(server, anna, group, 'her own');
    expect(own.forwarded_from).toBe(null);
  });

  test('FW1 a comment goes before them', async () => {
    const { from } = await scene();
    const group = (await createGroup(server, anna)).id;
    const json = { chat_id: from, messages: [{ id: 1 }, { id: 2 }], chat_ids: [group], comment: { text: ' look ' } };
    const [comment] = await forwarded(anna, json);
    expect(comment).toMatchObject({ text: 'look', forwarded_from: null });
    expect(await textsOf(anna, group)).toEqual(['look', 'one', 'two']);
  });

  test('FW1 the same asked for again is answered as at first, and sends nothing', async () => {
    const { from } = await scene();
    const groups = [(await createGroup(server, anna)).id, (await createGroup(server, anna)).id];
    const json = {
      chat_id: from,
      messages: [{ id: 1, client_id: randomUUID() }],
      chat_ids: [...groups, groups[0]],
      comment: { text: 'look', client_id: randomUUID() },
    };
    const first = await forward(anna, json);
    const second = await forward(anna, json);
    expect(first.headers.get('idempotency-replayed')).toBe(null);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second).toMatchObject({ status: 201, body: first.body });
    for (const group of groups) expect(await textsOf(anna, group)).toEqual(['look', 'one']);
  });

  test.each([
    ['no message', { messages: [] }],
    ['more messages than may be', { messages: Array.from({ length: FORWARDED.messages + 1 }, () => ({ id: 1 })) }],
    ['no chat', { chat_ids: [] }],
    ['more chats than may be', { chat_ids: Array.from({ length: FORWARDED.chats + 1 }, (_, index) => index + 1) }],
    ['an empty comment', { comment: { text: '  ' } }],
    ['a client_id that is none', { messages: [{ id: 1, client_id: 'x' }] }],
  ])('FW1 %s is refused with 422', async (_what, wrong) => {
    const { from } = await scene();
    const group = (await createGroup(server, anna)).id;
    const json = { chat_id: from, messages: [{ id: 1 }], chat_ids: [group], ...wrong };
    expect(await forward(anna, json)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(await textsOf(anna, group)).toEqual([]);
  });
});

describe('FW2 who forwards what', () => {
  test('FW2 a chat that is not the caller’s is none, at either end, and then nothing is sent anywhere', async () => {
    const { from, to } = await scene();
    const own = (await createGroup(server, vera)).id;
    const foreign = (await createGroup(server, boris)).id;
    for (const [person, json] of [
      [vera, { chat_id: from, messages: [{ id: 1 }], chat_ids: [own] }],
      [vera, { chat_id: from, messages: [{ id: 99 }], chat_ids: [own] }],
      [anna, { chat_id: from, messages: [{ id: 1 }], chat_ids: [to, foreign] }],
      [anna, { chat_id: from, messages: [{ id: 1 }], chat_ids: [to, 999_999] }],
    ] as const) {
      expect(await forward(person, json)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    }
    expect(await textsOf(vera, own)).toEqual([]);
    expect(await textsOf(boris, foreign)).toEqual([]);
  });

  test('FW2 one that is deleted, or never was, is none, and then nothing is sent', async () => {
    const { from } = await scene();
    const group = (await createGroup(server, anna)).id;
    await ask(server, 'DELETE', `/messages/${from}/2`, { token: boris.token });
    for (const id of [2, 99]) {
      const json = { chat_id: from, messages: [{ id: 1 }, { id }], chat_ids: [group] };
      expect(await forward(anna, json)).toMatchObject({ status: 404, body: { code: 'message_not_found' } });
    }
    expect(await textsOf(anna, group)).toEqual([]);
  });
});

describe('FW3 where it comes from', () => {
  test('FW3 is told by whose words those are and when, and by nothing that leads to the chat', async () => {
    const { from, at } = await scene();
    const group = (await createGroup(server, anna, [vera])).id;
    const [message] = await forwarded(anna, { chat_id: from, messages: [{ id: 2 }], chat_ids: [group] });
    expect(message?.forwarded_from).toEqual({ sender_id: boris.id, created_at: at });
  });

  test('FW3 what is forwarded again tells of the first', async () => {
    const { from, at, to } = await scene();
    const group = (await createGroup(server, vera)).id;
    const [once] = await forwarded(anna, { chat_id: from, messages: [{ id: 1 }], chat_ids: [to] });
    server.clock.advance(60);
    const json = { chat_id: to, messages: [{ id: once?.id }], chat_ids: [group] };
    const [twice] = await forwarded(vera, json);
    expect(twice).toMatchObject({ sender_id: vera.id, forwarded_from: { sender_id: boris.id, created_at: at } });
  });

  test('FW3 what becomes of the original changes nothing', async () => {
    const { from, to } = await scene();
    const [message] = await forwarded(anna, { chat_id: from, messages: [{ id: 1 }], chat_ids: [to] });
    const json = { text: 'other' };
    await ask(server, 'PATCH', `/messages/${from}/1`, { token: boris.token, json });
    await ask(server, 'DELETE', `/messages/${from}/1`, { token: boris.token });
    expect((await history(vera, to))[0]).toMatchObject({ id: message?.id, text: 'one', version: message?.version });
  });
});

describe('FW4 a forwarded message', () => {
  test('FW4 is not edited, by whoever sent it either: it tells whose words those are', async () => {
    const { from, to } = await scene();
    const [message] = await forwarded(anna, { chat_id: from, messages: [{ id: 1 }], chat_ids: [to] });
    const path = `/messages/${to}/${message?.id}`;
    for (const person of [anna, vera]) {
      const answer = await ask(server, 'PATCH', path, { token: person.token, json: { text: 'put into his mouth' } });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await history(vera, to))[0]).toMatchObject({ text: 'one', edited_at: null });
  });

  test('FW4 is deleted by whoever sent it, and tells no longer whose it was', async () => {
    const { from, to } = await scene();
    const [message] = await forwarded(anna, { chat_id: from, messages: [{ id: 1 }], chat_ids: [to] });
    const path = `/messages/${to}/${message?.id}`;
    expect((await ask(server, 'DELETE', path, { token: anna.token })).status).toBe(204);
    expect((await history(vera, to))[0]).toMatchObject({ text: '', forwarded_from: null });
  });
});
