import { Readers } from '@beseda/protocol/marks.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, type Person } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { makeCrowd } from './crowd.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let vera: Person;
let many: Person[];

beforeAll(async () => {
  server = await startTestServer();
  const crowd = await makeCrowd(server, 3 + 150);
  [anna, boris, vera] = crowd.splice(0, 3) as [Person, Person, Person];
  many = crowd;
});
afterAll(async () => {
  await server.stop();
});

const readers = async (person: Person, chatId: number, id: number, query = ''): Promise<Readers> =>
  expectAnswer(ask(server, 'GET', `/messages/${chatId}/${id}/readers${query}`, { token: person.token }), 200, Readers);
const mark = async (person: Person, kind: 'read' | 'delivered', chatId: number, id: number) =>
  ask(server, 'POST', `/messages/${chatId}/${id}/${kind}`, { token: person.token });
const now = (): string => server.clock.now().toISOString();

describe('MK4 who has read a message', () => {
  test('MK4 who, and when, right to the minute; never before it was sent; not its sender', async () => {
    const { id } = await createGroup(server, anna, [boris, vera]);
    await sendText(server, anna, id, 'one');
    await sendText(server, boris, id, 'two');
    await mark(vera, 'read', id, 1);
    const first = now();
    server.clock.advance(40);
    await sendText(server, anna, id, 'three');
    const third = now();
    await mark(vera, 'read', id, 3);
    server.clock.advance(40);
    await mark(boris, 'read', id, 3);
    const late = now();
    expect(await readers(anna, id, 1)).toEqual({
      read_count: 2,
      readers: [
        { user_id: boris.id, read_at: late },
        { user_id: vera.id, read_at: first },
      ],
      delivered: [],
      next_after: null,
    });
    // Vera read the third in the minute that began with the first, when it was not yet sent.
    expect((await readers(boris, id, 3)).readers).toEqual([
      { user_id: boris.id, read_at: late },
      { user_id: vera.id, read_at: third },
    ]);
    expect((await readers(vera, id, 2)).readers).toEqual([{ user_id: vera.id, read_at: first }]);
  });

  test('MK4 whoever has it on a device and has not read it is told apart', async () => {
    const chat = await openChat(server, anna, vera);
    await sendText(server, anna, chat.id, 'one');
    expect(await readers(anna, chat.id, 1)).toMatchObject({ read_count: 0, readers: [], delivered: [] });
    await mark(vera, 'delivered', chat.id, 1);
    expect(await readers(anna, chat.id, 1)).toMatchObject({ read_count: 0, readers: [], delivered: [vera.id] });
    await mark(vera, 'read', chat.id, 1);
    expect(await readers(anna, chat.id, 1)).toMatchObject({
      read_count: 1,
      readers: [{ user_id: vera.id, read_at: now() }],
      delivered: [],
    });
  });

  test('MK4 who came after it was sent, and who has left, are not among them', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    await sendText(server, anna, id, 'one');
    await mark(boris, 'read', id, 1);
    await ask(server, 'POST', `/groups/${id}/members/${vera.id}`, { token: anna.token });
    await sendText(server, anna, id, 'two');
    await mark(vera, 'read', id, 2);
    expect((await readers(anna, id, 1)).readers.map((reader) => reader.user_id)).toEqual([boris.id]);
    expect((await readers(anna, id, 2)).readers.map((reader) => reader.user_id)).toEqual([vera.id]);
    await ask(server, 'DELETE', `/groups/${id}/members/me`, { token: boris.token });
    expect(await readers(anna, id, 1)).toMatchObject({ read_count: 0, readers: [] });
  });

  test('MK4 what was read before reading was timed has no time', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    await sendText(server, anna, id, 'one');
    await mark(boris, 'read', id, 1);
    await server.db.deleteFrom('reading_steps').where('chat_id', '=', id).execute();
    expect((await readers(anna, id, 1)).readers).toEqual([{ user_id: boris.id, read_at: null }]);
    await sendText(server, anna, id, 'two');
    await mark(boris, 'read', id, 2);
    expect((await readers(anna, id, 2)).readers).toEqual([{ user_id: boris.id, read_at: now() }]);
    expect((await readers(anna, id, 1)).readers).toEqual([{ user_id: boris.id, read_at: null }]);
  });

  test('ID3 reading for an hour takes a row a minute, however many messages it is', async () => {
    const { id } = await createGroup(server, anna, [boris]);
    const moments = new Map<number, string>();
    for (let count = 1; count <= 12; count += 1) {
      await sendText(server, anna, id, `${count}`);
      // The next mark is held back for a moment of real time; a REST call waits for it.
      await mark(boris, 'read', id, count);
      moments.set(count, now());
      server.clock.advance(20);
    }
    const rows = await server.db.selectFrom('reading_steps').selectAll().where('chat_id', '=', id).execute();
    expect(rows.length).toBe(4);
    for (const [messageId, moment] of moments) {
      const [reader] = (await readers(anna, id, messageId)).readers;
      const off = Date.parse(moment) - Date.parse(reader?.read_at ?? '');
      expect(off).toBeGreaterThanOrEqual(0);
      expect(off).toBeLessThan(60_000);
    }
  });

  test('MK4 in a large group it comes in pages, by user id', async () => {
    const { id } = await createGroup(server, anna, many);
    await sendText(server, anna, id, 'one');
    await Promise.all(many.map(async (person, index) => mark(person, index % 3 === 0 ? 'delivered' : 'read', id, 1)));
    const pages: Readers[] = [];
    for (let after: number | null = 0; after !== null; after = pages.at(-1)?.next_after ?? null) {
      pages.push(await readers(anna, id, 1, `?limit=40&after=${after}`));
    }
    expect(pages.map((page) => page.readers.length + page.delivered.length)).toEqual([40, 40, 40, 30]);
    expect(new Set(pages.map((page) => page.read_count))).toEqual(new Set([100]));
    const ids = many.map((person) => person.id);
    expect(pages.flatMap((page) => page.readers.map((reader) => reader.user_id))).toEqual(
      ids.filter((_, index) => index % 3 !== 0),
    );
    expect(pages.flatMap((page) => page.delivered)).toEqual(ids.filter((_, index) => index % 3 === 0));
    // A page that ends with the last one has no next.
    expect((await readers(anna, id, 1, '?limit=150')).next_after).toBeNull();
  });

  test.each(['?limit=0', '?limit=201', '?after=-1', '?after=x'])('MK4 %s is refused', async (query) => {
    const { id } = await createGroup(server, anna);
    await sendText(server, anna, id, 'one');
    const answer = await ask(server, 'GET', `/messages/${id}/1/readers${query}`, { token: anna.token });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });
});
