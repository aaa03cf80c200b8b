import { Chat, Inbox } from '@beseda/protocol/chats.ts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { connectSynced } from '../testing/synced-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
});

async function two(): Promise<void> {
  [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
}

async function inbox(person: Person): Promise<Chat[]> {
  return (await expectAnswer(ask(server, 'GET', '/chats/', { token: person.token }), 200, Inbox)).chats;
}

async function chatOf(person: Person, id: number): Promise<Chat> {
  return expectAnswer(ask(server, 'GET', `/chats/${id}`, { token: person.token }), 200, Chat);
}

async function read(person: Person, chatId: number, messageId: number): Promise<void> {
  const socket = await joinChat(server, chatId, person.token);
  socket.send({ type: 'read', message_id: messageId, ref: 'read' });
  await socket.next(({ type }) => type === 'ack');
  socket.close();
}

describe('HT1 personal chats', () => {
  test.each(['/chats', '/chats/'])(
    'HT1 POST %s: 201 for the first who asks, then 200 for both of the pair',
    async (path) => {
      await two();
      const open = async (one: Person, other: Person) =>
        ask(server, 'POST', path, { token: one.token, json: { user_id: other.id } });
      const first = await open(anna, boris);
      expect(first).toMatchObject({ status: 201, body: { name: boris.username, is_group: false, creator_id: null } });
      const again = await open(anna, boris);
      expect(again).toEqual({ ...first, status: 200, headers: again.headers });
      const chat = await expectAnswer(open(boris, anna), 200, Chat);
      expect(chat).toMatchObject({ id: Value.Parse(Chat, first.body).id, name: anna.username, peer: { id: anna.id } });
    },
  );

  test('HT1 fifty who open it at once, from both sides, get one chat, made once', async () => {
    await two();
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const [one, other] = index % 2 === 0 ? [anna, boris] : [boris, anna];
        return ask(server, 'POST', '/chats/', { token: one.token, json: { user_id: other.id } });
      }),
    );
    expect(new Set(answers.map(({ body }) => Value.Parse(Chat, body).id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(49);
    expect([await inbox(anna), await inbox(boris)]).toMatchObject([{ length: 1 }, { length: 1 }]);
  });

  test('HT1 with nobody is refused with 404', async () => {
    await two();
    const answer = await ask(server, 'POST', '/chats/', { token: anna.token, json: { user_id: 999_999 } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
  });

  test('ID4 with oneself there is one too, of one member, which has no name and no peer', async () => {
    await two();
    const open = async () => ask(server, 'POST', '/chats/', { token: anna.token, json: { user_id: anna.id } });
    const answers = await Promise.all(Array.from({ length: 10 }, open));
    const [first] = answers;
    expect(new Set(answers.map(({ body }) => Value.Parse(Chat, body).id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(first?.body).toMatchObject({ is_group: false, name: '', peer: null, version: 2, unread_count: 0 });
    const { id } = Value.Parse(Chat, first?.body);
    const { version } = await sendText(server, anna, id, 'for later');
    expect(version).toBe(3);
    expect(await inbox(anna)).toMatchObject([{ id, unread_count: 0, last_message: { is_read: false } }]);
    expect(await inbox(boris)).toEqual([]);
    expect(await ask(server, 'GET', `/chats/${id}`, { token: boris.token })).toMatchObject({ status: 404 });
    // It is not the one with somebody else.
    expect((await openChat(server, anna, boris)).id).not.toBe(id);
  });

  test('ID4 of the chat with oneself one’s devices hear as of any other', async () => {
    await two();
    const { id } = await openChat(server, anna, anna);
    const [one, other] = [await connectSynced(server, anna), await connectSynced(server, anna)];
    expect(one.held.get(id)?.version).toBe(2);
    await sendText(server, anna, id, 'for later');
    for (const device of [one, other]) {
      expect(await device.next(({ type }) => type === 'message')).toMatchObject({ chat_id: id, text: 'for later' });
    }
  });
});

describe('HT5 the inbox', () => {
  test.each(['/chats', '/chats/'])(
    'HT5 GET %s tells of each chat its version, last message, unread count and own mark',
    async (path) => {
      await two();
      const chat = await openChat(server, anna, boris);
      await sendText(server, anna, chat.id, 'one');
      const last = await sendText(server, anna, chat.id, 'two');
      const { body } = await ask(server, 'GET', path, { token: boris.token });
      expect(body).toEqual({
        chats: [
          {
            id: chat.id,
            name: anna.username,
            is_group: false,
            creator_id: null,
            peer: { id: anna.id, username: anna.username, display_name: null },
            version: 5,
            last_message_id: 2,
            last_message: last,
            last_read_id: 0,
            marked_unread_id: null,
            muted: false,
            pinned: false,
            unread_count: 2,
            created_at: chat.created_at,
          },
        ],
      });
    },
  );

  test.each(['', '/'])('HT5 GET /chats/{id}%s is the same chat as the inbox has it', async (slash) => {
    await two();
    const chat = await openChat(server, anna, boris);
    const { body } = await ask(server, 'GET', `/chats/${chat.id}${slash}`, { token: anna.token });
    expect([body]).toEqual(await inbox(anna));
  });

  test('HT5 unread is what lies past the own mark; the mark of another does not move it', async () => {
    await two();
    const chat = await openChat(server, anna, boris);
    for (const text of ['one', 'two', 'three']) await sendText(server, anna, chat.id, text);
    await read(boris, chat.id, 2);
    expect(await chatOf(boris, chat.id)).toMatchObject({ last_read_id: 2, unread_count: 1 });
    expect(await chatOf(anna, chat.id)).toMatchObject({ last_read_id: 3, unread_count: 0 });
  });

  test('HT5 who has read all has read their own message too; who has not keeps their mark', async () => {
    await two();
    const chat = await openChat(server, anna, boris);
    await sendText(server, anna, chat.id, 'one');
    await sendText(server, boris, chat.id, 'two');
    expect(await chatOf(boris, chat.id)).toMatchObject({ last_read_id: 0, unread_count: 2 });
    await read(boris, chat.id, 2);
    await sendText(server, boris, chat.id, 'three');
    expect(await chatOf(boris, chat.id)).toMatchObject({ last_read_id: 3, unread_count: 0 });
  });

  test('HT5 the chat with the latest activity comes first', async () => {
    await two();
    const [first, second, third] = [
      await createGroup(server, anna, [boris]),
      await createGroup(server, anna, [boris]),
      await openChat(server, anna, boris),
    ];
    const order = async (): Promise<number[]> => (await inbox(anna)).map(({ id }) => id);
    expect(await order()).toEqual([third.id, second.id, first.id]);
    server.clock.advance(10);
    await sendText(server, boris, first.id, 'up');
    expect(await order()).toEqual([first.id, third.id, second.id]);
    server.clock.advance(10);
    const made = await createGroup(server, anna);
    expect(await order()).toEqual([made.id, first.id, third.id, second.id]);
  });

  test('HT5 a chat without messages has none last, and one that was left is gone', async () => {
    await two();
    const group = await createGroup(server, anna, [boris]);
    expect(await inbox(boris)).toMatchObject([
      { id: group.id, last_message: null, last_message_id: 0, unread_count: 0 },
    ]);
    await ask(server, 'DELETE', `/groups/${group.id}/members/me`, { token: boris.token });
    expect(await inbox(boris)).toEqual([]);
  });

  test('HT5 a display name is what a personal chat is called', async () => {
    await two();
    const chat = await openChat(server, anna, boris);
    await ask(server, 'PATCH', '/users/me', { token: boris.token, json: { display_name: 'Борис Б.' } });
    expect(await chatOf(anna, chat.id)).toMatchObject({ name: 'Борис Б.', peer: { display_name: 'Борис Б.' } });
  });
});
