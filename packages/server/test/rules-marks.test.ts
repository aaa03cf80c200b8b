import { Chat } from '@beseda/protocol/chats.ts';
import { MARKS_TOLD } from '@beseda/protocol/limits.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, type Answer, type Person } from '../testing/api-client.ts';
import { joinChat, type Frame } from '../testing/chat-socket.ts';
import { connectToMain, type MainClient } from '../testing/main-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { makeCrowd } from './crowd.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let vera: Person;
let many: Person[];

beforeAll(async () => {
  server = await startTestServer();
  const crowd = await makeCrowd(server, 3 + MARKS_TOLD.maxMembers + 20);
  [anna, boris, vera] = crowd.splice(0, 3) as [Person, Person, Person];
  many = crowd;
});
afterAll(async () => {
  await server.stop();
});

async function as(person: Person, method: string, path: string): Promise<Answer> {
  return ask(server, method, path, { token: person.token });
}
const mark = async (person: Person, kind: 'read' | 'delivered' | 'unread', chatId: number, id: number) =>
  as(person, 'POST', `/messages/${chatId}/${id}/${kind}`);
const chatOf = async (person: Person, chatId: number): Promise<Chat> =>
  expectAnswer(as(person, 'GET', `/chats/${chatId}`), 200, Chat);

/** A socket for everything, up to date. */
async function device(person: Person): Promise<MainClient> {
  const client = await connectToMain(server, person.token);
  await client.sync();
  return client;
}

/** A group of Anna's, with messages of hers. */
async function talk(members: Person[], messages: number): Promise<number> {
  const { id } = await createGroup(server, anna, members);
  for (let count = 1; count <= messages; count += 1) await sendText(server, anna, id, `${count}`);
  return id;
}

/** All frames that a device has got of a kind, once what was under way has come. */
async function heard(client: MainClient, ...types: string[]): Promise<Frame[]> {
  client.send({ type: 'ping', ref: 'all' });
  await client.next((frame) => frame.type === 'pong');
  return client.frames.filter(({ type }) => types.includes(type));
}

describe('MK1 marks are written together', () => {
  test('MK1 a member who scrolls through 500 unread messages writes a handful of times, and others hear as often', async () => {
    const chatId = await talk([boris, vera], 0);
    await sql`
      INSERT INTO messages (chat_id, id, version, sender_id, text, created_at)
      SELECT ${chatId}, n, n + 4, ${anna.id}, 'text', ${server.clock.now()} FROM generate_series(1, 500) AS n`.execute(
      server.db,
    );
    await sql`UPDATE chats SET last_message_id = 500, version = 504 WHERE id = ${chatId}`.execute(server.db);
    await sql`CREATE TABLE written (user_id bigint)`.execute(server.db);
    await sql`
      CREATE FUNCTION count_writes() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO written VALUES (NEW.user_id); RETURN NEW; END $$`.execute(server.db);
    await sql`CREATE TRIGGER count_writes AFTER UPDATE ON members FOR EACH ROW EXECUTE FUNCTION count_writes()`.execute(
      server.db,
    );
    const [reader, other] = [await device(boris), await device(vera)];
    for (let id = 1; id <= 500; id += 1) reader.send({ type: 'read', chat_id: chatId, message_id: id, ref: `${id}` });
    const answered = new Set<unknown>();
    while (answered.size < 500) answered.add((await reader.next(({ type }) => type === 'ack'))['ref']);
    const { rows } = await sql<{ user_id: number }>`SELECT user_id FROM written`.execute(server.db);
    await sql`DROP TRIGGER count_writes ON members`.execute(server.db);
    expect(rows.length).toBeLessThanOrEqual(10);
    const frames = await heard(other, 'read');
    expect(frames.length).toBeLessThanOrEqual(10);
    expect(frames.at(-1)).toEqual({ type: 'read', chat_id: chatId, message_id: 500, reader_id: boris.id });
    const steps = await server.db.selectFrom('reading_steps').selectAll().where('chat_id', '=', chatId).execute();
    expect(steps).toEqual([
      { chat_id: chatId, user_id: boris.id, read_at: server.clock.now(), after_message_id: 0, message_id: 500 },
    ]);
    reader.close();
    other.close();
  });

  test('MK1 of marks that go together one that is refused is refused alone', async () => {
    const chatId = await talk([boris], 5);
    const reader = await device(boris);
    for (const [ref, id] of [1, 2, 99, 4].entries()) {
      reader.send({ type: 'read', chat_id: chatId, message_id: id, ref: `${ref}` });
    }
    const answers = [];
    while (answers.length < 4) answers.push(await reader.next(({ ref }) => ref !== undefined && ref !== 'auth'));
    const byRef = Object.fromEntries(answers.map((frame) => [frame['ref'], frame['code'] ?? frame.type]));
    expect(byRef).toEqual({ 0: 'ack', 1: 'ack', 2: 'message_not_found', 3: 'ack' });
    expect(await chatOf(boris, chatId)).toMatchObject({ last_read_id: 4, unread_count: 1 });
    reader.close();
  });

  test('MK1 who is removed while marks of theirs wait is told so, and nothing is written', async () => {
    const chatId = await talk([boris], 5);
    expect((await mark(boris, 'read', chatId, 1)).status).toBe(204);
    const waiting = mark(boris, 'read', chatId, 3);
    await as(anna, 'DELETE', `/groups/${chatId}/members/${boris.id}`);
    expect([204, 404]).toContain((await waiting).status);
    expect(await mark(boris, 'read', chatId, 5)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    const place = server.db.selectFrom('members').select('last_read_id').where('chat_id', '=', chatId);
    const { last_read_id: read } = await place.where('user_id', '=', boris.id).executeTakeFirstOrThrow();
    expect(read).toBeLessThan(5);
  });

  test('MK1 marks do not wait for the row of their chat, so that a whole group can mark at once', async () => {
    const chatId = await talk(many, 1);
    const writer = await server.db.startTransaction().execute();
    await writer.selectFrom('chats').selectAll().where('id', '=', chatId).forUpdate().execute();
    const marked = await Promise.all(many.map(async (person) => mark(person, 'read', chatId, 1)));
    expect(new Set(marked.map(({ status }) => status))).toEqual(new Set([204]));
    await writer.rollback().execute();
    expect(await chatOf(anna, chatId)).toMatchObject({ last_message: { is_read: true } });
  });
});

describe('MK2 who hears of marks', () => {
  test('MK2 what is read and delivered is told to everyone at the socket for everything, one’s own devices included', async () => {
    const chatId = await talk([boris, vera], 3);
    const sockets = [await device(anna), await device(boris), await device(boris)];
    sockets[1]?.send({ type: 'delivered', chat_id: chatId, message_id: 2, ref: 'd' });
    await sockets[1]?.next(({ ref }) => ref === 'd');
    sockets[1]?.send({ type: 'read', chat_id: chatId, message_id: 3, ref: 'r' });
    await sockets[1]?.next(({ ref }) => ref === 'r');
    for (const socket of sockets) {
      const told = (await heard(socket, 'read', 'delivered')).filter(
        (frame) => frame['chat_id'] === chatId && [frame['reader_id'], frame['user_id']].includes(boris.id),
      );
      expect(told).toEqual([
        { type: 'delivered', chat_id: chatId, message_id: 2, user_id: boris.id },
        { type: 'read', chat_id: chatId, message_id: 3, reader_id: boris.id },
      ]);
      socket.close();
    }
  });

  test('MK2 the door of one chat hears of reading alone', async () => {
    const chatId = await talk([boris], 3);
    const socket = await joinChat(server, chatId, anna.token);
    const own = await joinChat(server, chatId, boris.token);
    await mark(boris, 'delivered', chatId, 2);
    await mark(boris, 'unread', chatId, 1);
    await mark(boris, 'read', chatId, 3);
    const last = await sendText(server, anna, chatId, 'the last');
    for (const each of [socket, own]) {
      await each.next((frame) => frame['id'] === last.id);
      expect(each.frames.slice(1, -1)).toEqual([{ type: 'read', chat_id: chatId, message_id: 3, reader_id: boris.id }]);
      each.close();
    }
  });

  test('MK2 what one writes tells one’s own devices how far one has read', async () => {
    const chatId = await talk([boris], 0);
    const [hers, his] = [await device(anna), await device(boris)];
    await sendText(server, anna, chatId, 'mine');
    expect(await heard(hers, 'read')).toContainEqual({
      type: 'read',
      chat_id: chatId,
      message_id: 1,
      reader_id: anna.id,
    });
    expect((await heard(his, 'read')).filter((frame) => frame['chat_id'] === chatId)).toEqual([]);
    hers.close();
    his.close();
  });

  test('MK2 in a group of more than 100, others hear of two readers of a message at most, one’s own devices of one’s own', async () => {
    const chatId = await talk(many, 2);
    const reader = many[50] as Person;
    const [hers, own] = [await device(anna), await device(reader)];
    const ofOthers = async (client: MainClient, self: Person) =>
      (await heard(client, 'read', 'delivered')).filter(
        (frame) => frame['chat_id'] === chatId && frame['reader_id'] !== self.id,
      );
    const before = [(await ofOthers(hers, anna)).length, (await ofOthers(own, reader)).length];
    await Promise.all(many.map(async (person) => mark(person, 'read', chatId, 1)));
    await mark(many[3] as Person, 'delivered', chatId, 2);
    const after = [(await ofOthers(hers, anna)).length, (await ofOthers(own, reader)).length];
    for (const [index, count] of after.entries()) expect([1, 2]).toContain(count - (before[index] ?? 0));
    expect(await heard(own, 'read')).toContainEqual({
      type: 'read',
      chat_id: chatId,
      message_id: 1,
      reader_id: reader.id,
    });
    hers.close();
    own.close();
  });
});

test('MK2 in a large group the first who reads is told, though the sender’s own mark is as far', async () => {
  const chatId = await talk(many, 1);
  const [sender, first, second] = many as [Person, Person, Person];
  await mark(sender, 'read', chatId, 1);
  await sendText(server, sender, chatId, 'theirs');
  const client = await device(anna);
  for (const person of [first, second]) await mark(person, 'read', chatId, 2);
  const told = (await heard(client, 'read')).filter(
    (frame) => frame['chat_id'] === chatId && frame['message_id'] === 2,
  );
  // The sender's is of the sync.
  expect(told.map((frame) => frame['reader_id'])).toEqual([sender.id, first.id]);
  client.close();
});

describe('MK3 delivered', () => {
  test('MK3 the mark only grows, and reading implies it', async () => {
    const chatId = await talk([boris], 3);
    const client = await device(anna);
    for (const id of [2, 1, 2]) expect((await mark(boris, 'delivered', chatId, id)).status).toBe(204);
    await mark(boris, 'read', chatId, 3);
    await mark(boris, 'delivered', chatId, 3);
    const told = (await heard(client, 'delivered')).filter((frame) => frame['chat_id'] === chatId);
    expect(told).toEqual([{ type: 'delivered', chat_id: chatId, message_id: 2, user_id: boris.id }]);
    expect(await chatOf(boris, chatId)).toMatchObject({ last_read_id: 3 });
    client.close();
  });

  test('MK3 what is delivered is not read', async () => {
    const chatId = await talk([boris], 3);
    await mark(boris, 'delivered', chatId, 3);
    expect(await chatOf(boris, chatId)).toMatchObject({ last_read_id: 0, unread_count: 3 });
    expect(await chatOf(anna, chatId)).toMatchObject({ last_message: { is_read: false } });
  });

  test('MK3 a message that is not there cannot be delivered, read or marked as unread', async () => {
    const chatId = await talk([boris], 3);
    for (const kind of ['delivered', 'read', 'unread'] as const) {
      expect(await mark(boris, kind, chatId, 4)).toMatchObject({ status: 404, body: { code: 'message_not_found' } });
      expect(await mark(vera, kind, chatId, 1)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    }
  });
});

describe('MK5 marked as unread', () => {
  test('MK5 the chat counts as unread from that message on, for that user alone, until it is read to there', async () => {
    const chatId = await talk([boris, vera], 5);
    await mark(boris, 'read', chatId, 5);
    await mark(vera, 'read', chatId, 5);
    expect((await mark(boris, 'unread', chatId, 4)).status).toBe(204);
    expect(await chatOf(boris, chatId)).toMatchObject({ marked_unread_id: 4, unread_count: 2, last_read_id: 5 });
    expect(await chatOf(vera, chatId)).toMatchObject({ marked_unread_id: null, unread_count: 0 });
    await mark(boris, 'read', chatId, 3);
    expect(await chatOf(boris, chatId)).toMatchObject({ marked_unread_id: 4, unread_count: 2 });
    await mark(boris, 'read', chatId, 4);
    expect(await chatOf(boris, chatId)).toMatchObject({ marked_unread_id: null, unread_count: 0, last_read_id: 5 });
  });

  test('MK5 it can be taken back, and writing does not do so', async () => {
    const chatId = await talk([boris], 2);
    await mark(boris, 'read', chatId, 2);
    await mark(boris, 'unread', chatId, 1);
    await sendText(server, boris, chatId, 'mine');
    expect(await chatOf(boris, chatId)).toMatchObject({ marked_unread_id: 1, unread_count: 3, last_read_id: 3 });
    expect((await as(boris, 'DELETE', `/chats/${chatId}/unread`)).status).toBe(204);
    expect(await chatOf(boris, chatId)).toMatchObject({ marked_unread_id: null, unread_count: 0 });
    expect((await as(boris, 'DELETE', `/chats/${chatId}/unread`)).status).toBe(204);
  });

  test('MK5 the user’s devices hear of it, nobody else does, and who comes later is told what stands', async () => {
    const chatId = await talk([boris], 2);
    const [hers, own, other] = [await device(anna), await device(boris), await device(boris)];
    own.send({ type: 'unread', chat_id: chatId, message_id: 1, ref: 'u' });
    expect(await own.next(({ ref }) => ref === 'u')).toEqual({ type: 'ack', ref: 'u', chat_id: chatId, message_id: 1 });
    own.send({ type: 'read', chat_id: chatId, message_id: 2, ref: 'r' });
    await own.next(({ ref }) => ref === 'r');
    own.send({ type: 'unread', chat_id: chatId, message_id: 2 });
    own.send({ type: 'unread', chat_id: chatId, message_id: null, ref: 'n' });
    expect(await own.next(({ ref }) => ref === 'n')).toMatchObject({ type: 'ack', message_id: 0 });
    own.send({ type: 'unread', chat_id: chatId, message_id: 2, ref: 'e' });
    await own.next(({ ref }) => ref === 'e');
    const told = (await heard(other, 'unread')).map((frame) => frame['message_id']);
    expect(told.slice(0, 2)).toEqual([1, null]);
    expect(told.at(-1)).toBe(2);
    expect(await heard(hers, 'unread')).toEqual([]);
    const late = await device(boris);
    expect(await heard(late, 'unread')).toEqual([{ type: 'unread', chat_id: chatId, message_id: 2 }]);
    for (const client of [hers, own, other, late]) client.close();
  });

  test('MK5 who leaves and comes again begins without it', async () => {
    const chatId = await talk([boris], 2);
    await mark(boris, 'unread', chatId, 1);
    await as(boris, 'DELETE', `/groups/${chatId}/members/me`);
    await as(anna, 'POST', `/groups/${chatId}/members/${boris.id}`);
    expect(await chatOf(boris, chatId)).toMatchObject({ marked_unread_id: null, unread_count: 0, last_read_id: 2 });
  });
});

describe('HT2 who has just come in', () => {
  test('HT2 has read nothing by writing something', async () => {
    const chatId = await talk([boris], 3);
    await as(anna, 'POST', `/groups/${chatId}/members/${vera.id}`);
    await sendText(server, vera, chatId, 'hello all');
    const seen = await ask(server, 'GET', `/messages/${chatId}/3`, { token: anna.token });
    expect(seen.body).toMatchObject({ is_read: false });
    expect(await chatOf(vera, chatId)).toMatchObject({ last_read_id: 4, unread_count: 0 });
    await sendText(server, anna, chatId, 'welcome');
    await mark(vera, 'read', chatId, 5);
    expect((await as(anna, 'GET', `/messages/${chatId}/5`)).body).toMatchObject({ is_read: true });
  });
});

const reading = (chatId: number, person: Person | undefined, id: number) => ({
  type: 'read',
  chat_id: chatId,
  message_id: id,
  reader_id: person?.id,
});

describe('WS4 marks of a sync', () => {
  test('WS4 of small chats everyone’s, of larger ones the user’s own and the two furthest', async () => {
    const [small, large] = [await talk([boris, vera], 3), await talk(many, 3)];
    const personal = await openChat(server, anna, boris);
    await sendText(server, anna, personal.id, 'read me');
    await mark(boris, 'read', personal.id, 1);
    await mark(boris, 'read', small, 2);
    await mark(vera, 'delivered', small, 3);
    for (const [index, person] of many.slice(0, 5).entries()) await mark(person, 'read', large, 1 + (index % 2));
    const client = await device(anna);
    const marks = (chatId: number) =>
      client.frames.filter((frame) => 'reader_id' in frame && frame['chat_id'] === chatId);
    expect(marks(personal.id)).toEqual([reading(personal.id, anna, 1), reading(personal.id, boris, 1)]);
    expect(marks(small)).toEqual([reading(small, anna, 3), reading(small, boris, 2)]);
    expect(client.frames).toContainEqual({ type: 'delivered', chat_id: small, message_id: 3, user_id: vera.id });
    expect(marks(large)).toHaveLength(3);
    expect(marks(large)).toEqual(
      expect.arrayContaining([reading(large, anna, 3), reading(large, many[1], 2), reading(large, many[3], 2)]),
    );
    client.close();
  });
});
