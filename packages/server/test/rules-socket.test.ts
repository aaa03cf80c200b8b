import { Tokens } from '@beseda/protocol/auth.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  ask,
  createGroup,
  expectAnswer,
  openChat,
  sendText,
  signIn,
  signUp,
  type Person,
} from '../testing/api-client.ts';
import { connectToChat, joinChat, type TestSocket, type Frame } from '../testing/chat-socket.ts';
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

interface Talk {
  id: number;
  hers: TestSocket;
  alsoHers: TestSocket;
  his: TestSocket;
  [Symbol.dispose]: () => void;
}

/** A new group of the two with three sockets in it. */
async function talk(): Promise<Talk> {
  const { id } = await createGroup(server, anna, [boris]);
  const [hers, alsoHers, his] = [
    await joinChat(server, id, anna.token),
    await joinChat(server, id, anna.token),
    await joinChat(server, id, boris.token),
  ];
  return {
    id,
    hers,
    alsoHers,
    his,
    [Symbol.dispose]() {
      for (const socket of [hers, alsoHers, his]) socket.close();
    },
  };
}

/** All that came after the joining, up to the answer to a last frame with a ref. */
async function heard(socket: TestSocket): Promise<Frame[]> {
  const ref = randomUUID();
  socket.send({ type: 'nothing', ref });
  await socket.next((frame) => frame['ref'] === ref);
  return socket.frames.filter((frame) => frame.type !== 'error');
}

describe('WS1 the frames of the original', () => {
  test('WS1 {"type":"message","text":…} reaches everyone but the sending socket, which hears nothing', async () => {
    using chat = await talk();
    chat.hers.sendRaw('{"type":"message","text":"Hello via WebSocket!"}');
    const frame = await chat.his.next();
    const now = server.clock.now().toISOString();
    expect(frame).toEqual({
      type: 'message',
      id: 1,
      chat_id: chat.id,
      version: 4,
      sender_id: anna.id,
      client_id: null,
      text: 'Hello via WebSocket!',
      created_at: now,
      timestamp: now,
      reply_to: null,
      reactions: [],
      files: [],
      edited_at: null,
      deleted_at: null,
      pinned_at: null,
      forwarded_from: null,
    });
    expect(await chat.alsoHers.next()).toEqual(frame);
    expect(await heard(chat.hers)).toEqual([]);
  });

  test('WS1 {"type":"read","message_id":…} is told to the others as who has read what, once', async () => {
    using chat = await talk();
    await sendText(server, anna, chat.id, 'read me');
    for (const socket of [chat.hers, chat.alsoHers, chat.his]) await socket.next();
    chat.his.sendRaw('{"type":"read","message_id":1}');
    chat.his.sendRaw('{"type":"read","message_id":1,"ref":"again"}');
    const frame = { type: 'read', message_id: 1, chat_id: chat.id, reader_id: boris.id };
    expect(await chat.hers.next()).toEqual(frame);
    expect(await chat.alsoHers.next()).toEqual(frame);
    expect(await chat.his.next()).toEqual({ type: 'ack', ref: 'again', chat_id: chat.id, message_id: 1 });
    expect(await heard(chat.hers)).toHaveLength(2);
    expect(await heard(chat.his)).toHaveLength(2);
  });

  test('WS1 an ack comes where a ref or a client_id was given, and carries them', async () => {
    using chat = await talk();
    const clientId = randomUUID();
    chat.hers.send({ type: 'message', text: 'a' });
    chat.hers.send({ type: 'message', text: 'b', ref: 'my ref' });
    chat.hers.send({ type: 'message', text: 'c', client_id: clientId });
    expect(await chat.hers.next()).toEqual({ type: 'ack', ref: 'my ref', chat_id: chat.id, message_id: 2, version: 5 });
    expect(await chat.hers.next()).toEqual({
      type: 'ack',
      client_id: clientId,
      chat_id: chat.id,
      message_id: 3,
      version: 6,
    });
  });

  test('WS1 the address may end with a slash; a bad token, any chat of others, and no chat at all close with 1008', async () => {
    const { id } = await openChat(server, anna, boris);
    (await joinChat(server, `${id}/`, anna.token)).close();
    const stranger = await signUp(server);
    const attempts: [number | string, string][] = [
      [id, ''],
      [id, 'nonsense'],
      [id, stranger.token],
      [0, anna.token],
      [999_999, anna.token],
      ['9'.repeat(400), anna.token],
    ];
    for (const [chat, token] of attempts) {
      const socket = await connectToChat(server, chat, token);
      expect(await socket.closed).toEqual({ code: 1008, reason: 'not your chat, or not a valid token' });
    }
    await expect(connectToChat(server, 'five', anna.token)).rejects.toThrow('404');
  });
});

describe('WS3 WS5 WS6 order', () => {
  test('WS3 the frames of one socket are answered, stored and told in the order in which they came', async () => {
    using chat = await talk();
    const refs = Array.from({ length: 300 }, (_, index) => String(index + 1));
    for (const ref of refs) chat.hers.send({ type: 'message', text: ref, ref });
    for (const ref of refs) expect(await chat.hers.next()).toMatchObject({ type: 'ack', ref, message_id: Number(ref) });
    for (const text of refs) expect(await chat.his.next()).toMatchObject({ type: 'message', text, id: Number(text) });
  });

  test('WS5 every socket gets all of a chat in version order, whoever writes and by whatever door', async () => {
    using chat = await talk();
    const writers = Array.from({ length: 40 }, async (_, index) => {
      if (index % 4 === 0) return sendText(server, anna, chat.id, `REST ${index}`);
      if (index % 10 === 1) {
        const json = { name: `Name ${index}` };
        return ask(server, 'PATCH', `/groups/${chat.id}`, { token: anna.token, json });
      }
      const socket = index % 2 === 0 ? chat.hers : chat.his;
      socket.send({ type: 'message', text: `socket ${index}`, ref: `${index}` });
      return socket.next((frame) => frame['ref'] === `${index}`);
    });
    await Promise.all(writers);
    const listening = await heard(chat.alsoHers);
    expect(listening.map((frame) => frame['version'])).toEqual(Array.from({ length: 40 }, (_, index) => 4 + index));
  });

  test('WS6 what is acknowledged or told is committed: whoever hears of it finds it', async () => {
    using chat = await talk();
    for (let id = 1; id <= 20; id += 1) {
      chat.hers.send({ type: 'message', text: `message ${id}`, ref: 'r' });
      const seen = [chat.hers.next(), chat.his.next()].map(async (frame) => {
        await frame;
        const rows = await server.db.selectFrom('messages').select('id').where('chat_id', '=', chat.id).execute();
        return rows.length;
      });
      expect(await Promise.all(seen)).toEqual([id, id]);
    }
  });
});

describe('WS13 who may not hear any more', () => {
  test('WS13 the socket of a removed member is closed with 1008; nothing of the chat comes after the removal', async () => {
    using chat = await talk();
    chat.hers.send({ type: 'message', text: 'before', ref: 'r' });
    await chat.hers.next();
    await ask(server, 'DELETE', `/groups/${chat.id}/members/${boris.id}`, { token: anna.token });
    for (let count = 0; count < 20; count += 1) await sendText(server, anna, chat.id, 'secret');
    expect(await chat.his.closed).toMatchObject({ code: 1008 });
    expect(chat.his.frames.filter(({ type }) => type !== 'error')).toMatchObject([
      { type: 'message', text: 'before' },
      { type: 'member', user_id: boris.id, left_at: expect.any(String) },
    ]);
    expect(await heard(chat.alsoHers)).toHaveLength(22);
  });

  test('WS13 a removed member cannot come back, and can once added again', async () => {
    using chat = await talk();
    await ask(server, 'DELETE', `/groups/${chat.id}/members/me`, { token: boris.token });
    expect(await chat.his.closed).toMatchObject({ code: 1008 });
    expect(await (await connectToChat(server, chat.id, boris.token)).closed).toMatchObject({ code: 1008 });
    await ask(server, 'POST', `/groups/${chat.id}/members/${boris.id}`, { token: anna.token });
    const again = await joinChat(server, chat.id, boris.token);
    await sendText(server, anna, chat.id, 'welcome back');
    expect(await again.next(({ type }) => type === 'message')).toMatchObject({ text: 'welcome back' });
    again.close();
  });

  test('WS13 a session that ends closes its sockets with 4401, and they get nothing more', async () => {
    using chat = await talk();
    const { access_token: token } = await signIn(server, boris.username, boris.password);
    const phone = await joinChat(server, chat.id, token);
    await ask(server, 'POST', '/auth/logout', { token });
    await sendText(server, anna, chat.id, 'secret');
    expect(await phone.closed).toEqual({ code: 4401, reason: 'no longer authenticated' });
    expect(phone.frames.filter(({ type }) => type === 'message')).toEqual([]);
    expect(await chat.his.next()).toMatchObject({ text: 'secret' });
  });

  test('WS13 a socket that does not answer the closing is not listened to either', async () => {
    using chat = await talk();
    const thief = await expectAnswer(
      ask(server, 'POST', '/auth/token', { form: { username: boris.username, password: boris.password } }),
      200,
      Tokens,
    );
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/${chat.id}?token=${thief.access_token}`);
    await new Promise((resolve) => socket.once('open', resolve));
    await new Promise((resolve) => {
      socket.once('message', resolve);
      socket.send('{"type":"nothing","ref":"joined"}');
    });
    socket.pause();
    await ask(server, 'POST', '/auth/logout', { token: thief.access_token });
    socket.send('{"type":"message","text":"forged"}');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    expect(await closed).toBe(4401);
    await sendText(server, anna, chat.id, 'the only one');
    expect(await heard(chat.his)).toMatchObject([{ text: 'the only one' }]);
  });
});

describe('WS10 the server goes away', () => {
  test('WS10 every socket is closed with 1001, and what it was promised is stored', async () => {
    const leaving = await startTestServer();
    const person = await signUp(leaving);
    const group = await createGroup(leaving, person);
    const sockets = await Promise.all(Array.from({ length: 5 }, async () => joinChat(leaving, group.id, person.token)));
    sockets[0]?.send({ type: 'message', text: 'last words', ref: 'r' });
    expect(await sockets[0]?.next()).toMatchObject({ type: 'ack' });
    await leaving.stop();
    const closes = await Promise.all(sockets.map(async ({ closed }) => closed));
    expect(closes).toEqual(Array.from({ length: 5 }, () => ({ code: 1001, reason: 'going away' })));
  });
});
