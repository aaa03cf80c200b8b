import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGroup, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { connectToChat, joinChat } from '../testing/chat-socket.ts';
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

describe('WS1 the door of one chat', () => {
  test('WS1 a message sent on one socket reaches the other, with its timestamp, and not its sender', async () => {
    const chat = await openChat(server, anna, boris);
    const [hers, his] = [await joinChat(server, chat.id, anna.token), await joinChat(server, chat.id, boris.token)];
    hers.send({ type: 'message', text: 'Hello via WebSocket!' });
    const frame = await his.next();
    expect(frame).toMatchObject({
      type: 'message',
      text: 'Hello via WebSocket!',
      sender_id: anna.id,
      chat_id: chat.id,
    });
    expect(frame['timestamp']).toBe(frame['created_at']);
    his.send({ type: 'message', text: 'And back' });
    // Hers in order: had her own message come back, it would be here before his.
    expect(await hers.next()).toMatchObject({ text: 'And back' });
    hers.close();
    his.close();
  });

  test('WS1 a message sent over REST reaches sockets', async () => {
    const group = await createGroup(server, anna, [boris]);
    const his = await joinChat(server, group.id, boris.token);
    const sent = await sendText(server, anna, group.id, 'over REST');
    expect(await his.next()).toMatchObject({ type: 'message', id: sent.id, text: 'over REST' });
    his.close();
  });

  test('WS1 a bad token, and a chat that is not the caller’s, close with 1008', async () => {
    const group = await createGroup(server, anna);
    const attempts = [
      await connectToChat(server, group.id, 'not a token'),
      await connectToChat(server, group.id, boris.token),
      await connectToChat(server, 999_999, boris.token),
    ];
    const closes = await Promise.all(attempts.map(async ({ closed }) => closed));
    expect(closes.map(({ code }) => code)).toEqual([1008, 1008, 1008]);
  });
});
