import { Message } from '@beseda/protocol/messages.ts';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { joinChat, type TestSocket } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
/** The first creates every group and only listens; the second and third are in every one; the last comes and goes. */
let people: Person[];

beforeAll(async () => {
  server = await startTestServer();
  people = await Promise.all(Array.from({ length: 5 }, async (_, index) => signUp(server, `person${index}`)));
});
afterAll(async () => {
  await server.stop();
});

const CHATS = 3;

/** One act: who does what in which chat. Acts run side by side, so that which comes first is not settled. */
type Act = { chat: number; by: number } & (
  | { what: 'send'; door: 'rest' | 'socket'; key: number | undefined }
  | { what: 'add' | 'remove' | 'rename' }
);

const where = { chat: fc.nat(CHATS - 1), by: fc.integer({ min: 1, max: 4 }) };
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        ...where,
        what: fc.constant('send' as const),
        door: fc.constantFrom('rest' as const, 'socket' as const),
        key: fc.option(fc.nat(4), { nil: undefined }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ ...where, what: fc.constantFrom('add' as const, 'remove' as const, 'rename' as const) }),
    },
  ),
  { minLength: 40, maxLength: 120, size: 'max' },
);

interface Group {
  id: number;
  listening: TestSocket;
  sockets: Map<number, TestSocket>;
  /** Messages that were acknowledged, by the key they were sent under; those without have one of their own. */
  acknowledged: Map<string, Set<number>>;
}

async function newGroup(): Promise<Group> {
  const [creator, ...others] = people as [Person, ...Person[]];
  const { id } = await createGroup(server, creator, others.slice(0, 2));
  const sockets = new Map<number, TestSocket>();
  for (const [index, person] of others.slice(0, 2).entries()) {
    sockets.set(index + 1, await joinChat(server, id, person.token));
  }
  return { id, listening: await joinChat(server, id, creator.token), sockets, acknowledged: new Map() };
}

async function perform(group: Group, act: Act, keys: string[]): Promise<void> {
  const [creator, person] = [people[0], people[act.by]];
  const passing = people[4];
  if (creator === undefined || person === undefined || passing === undefined) return;
  switch (act.what) {
    case 'add':
      await ask(server, 'POST', `/groups/${group.id}/members/${passing.id}`, { token: creator.token });
      return;
    case 'remove':
      await ask(server, 'DELETE', `/groups/${group.id}/members/${passing.id}`, { token: creator.token });
      return;
    case 'rename':
      await ask(server, 'PATCH', `/groups/${group.id}`, { token: creator.token, json: { name: randomUUID() } });
      return;
    case 'send': {
      const clientId = (act.key === undefined ? undefined : keys[act.key]) ?? randomUUID();
      const id = await send(group, act, person, clientId);
      const key = `${act.by} ${clientId}`;
      if (id !== undefined) group.acknowledged.set(key, (group.acknowledged.get(key) ?? new Set()).add(id));
    }
  }
}

/** The id of the message, or undefined where it was refused. */
async function send(group: Group, act: Act & { what: 'send' }, person: Person, clientId: string) {
  const socket = group.sockets.get(act.by);
  const text = `of ${act.by}`;
  if (act.door === 'rest' || socket === undefined) {
    const json = { text, client_id: clientId };
    const { status, body } = await ask(server, 'POST', `/messages/${group.id}/send`, { token: person.token, json });
    if (status === 404) return undefined;
    expect(status).toBe(201);
    return Value.Parse(Message, body).id;
  }
  const ref = randomUUID();
  socket.send({ type: 'message', text, client_id: clientId, ref });
  return Number((await socket.next((frame) => frame['ref'] === ref))['message_id']);
}

async function check(group: Group): Promise<void> {
  const { db } = server;
  const chat = await db.selectFrom('chats').selectAll().where('id', '=', group.id).executeTakeFirstOrThrow();
  const rows = await db.selectFrom('messages').selectAll().where('chat_id', '=', group.id).orderBy('id').execute();
  await group.listening.next((frame) => frame['version'] === chat.version);
  const told = group.listening.frames.filter(({ type }) => type !== 'error');
  const versions = told.map((frame) => frame['version']);
  // ID2: every change has the next version, and whoever listens hears each once.
  expect(versions).toEqual(Array.from({ length: chat.version - 4 }, (_, index) => index + 5));
  // ID1: ids are 1, 2, 3 … in the order of the commits.
  const numbers = Array.from({ length: rows.length }, (_, index) => index + 1);
  expect(rows.map(({ id }) => id)).toEqual(numbers);
  expect(told.filter(({ type }) => type === 'message').map((frame) => frame['id'])).toEqual(numbers);
  expect(chat.last_message_id).toBe(rows.length);
  const byVersion = new Map(told.map((frame) => [frame['version'], frame]));
  for (const row of rows) {
    expect(byVersion.get(row.version)).toMatchObject({ type: 'message', id: row.id, client_id: row.client_id });
  }
  // ID5: one message for each key, and one that is there for each answer.
  const stored = new Map(
    rows.map((row) => [`${people.findIndex(({ id }) => id === row.sender_id)} ${row.client_id}`, new Set([row.id])]),
  );
  expect(group.acknowledged).toEqual(stored);
}

describe('ID1 ID2 ID5 numbers', () => {
  const seed = Date.now() % 2 ** 31;

  test(`ID1 ID2 ID5 hold for concurrent senders, repeats, refusals and changes of the group (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (plan) => {
        const groups = await Promise.all(Array.from({ length: CHATS }, newGroup));
        const keys = Array.from({ length: 5 }, () => randomUUID());
        // So that every listener has something to hear, whatever the plan has for its chat.
        const first = groups.map(async (_, chat): Promise<void> => {
          const group = groups[chat];
          if (group !== undefined) await perform(group, { chat, by: 1, what: 'rename' }, keys);
        });
        await Promise.all(first);
        await Promise.all(
          plan.map(async (act) => {
            const group = groups[act.chat];
            if (group !== undefined) await perform(group, act, keys);
          }),
        );
        for (const group of groups) await expect(check(group)).resolves.toBeUndefined();
        for (const { listening, sockets } of groups)
          for (const socket of [listening, ...sockets.values()]) socket.close();
      }),
      { numRuns: 12, seed },
    );
  });
});

describe('ID1 ID3 ID4 identities', () => {
  test('ID1 every chat counts its messages from one, and a refused one takes no number', async () => {
    const [anna, boris, outsider] = people as [Person, Person, Person];
    const [chat, group] = [await openChat(server, anna, boris), await createGroup(server, anna, [boris])];
    for (const id of [1, 2, 3]) {
      for (const chatId of [chat.id, group.id]) {
        expect((await sendText(server, anna, chatId, 'text')).id).toBe(id);
        const refused = ask(server, 'POST', `/messages/${chatId}/send`, { token: outsider.token, json: { text: 'x' } });
        expect(await refused).toMatchObject({ status: 404 });
      }
    }
  });

  test('ID3 reading moves a mark and no version', async () => {
    const [anna, boris] = people as [Person, Person];
    const group = await createGroup(server, anna, [boris]);
    for (const text of ['one', 'two', 'three']) await sendText(server, anna, group.id, text);
    const his = await joinChat(server, group.id, boris.token);
    const seen = async () => (await ask(server, 'GET', `/chats/${group.id}`, { token: boris.token })).body;
    expect(await seen()).toMatchObject({ version: 6, last_read_id: 0, unread_count: 3 });
    for (const [marked, mark] of [
      [2, 2],
      [1, 2],
      [3, 3],
    ]) {
      his.send({ type: 'read', message_id: marked, ref: 'r' });
      await his.next();
      expect(await seen()).toMatchObject({ version: 6, last_read_id: mark, unread_count: 3 - Number(mark) });
    }
    his.close();
  });

  test('ID4 a group id is a chat id', async () => {
    const [anna] = people as [Person];
    const group = await createGroup(server, anna);
    const { body } = await ask(server, 'GET', `/chats/${group.id}`, { token: anna.token });
    expect(body).toMatchObject({ id: group.id, name: group.name, is_group: true, creator_id: anna.id });
  });

  test('ID5 a repeat answers with the first message for as long as the sender is a member', async () => {
    const [anna, boris] = people as [Person, Person];
    const group = await createGroup(server, anna, [boris]);
    const json = { text: 'once', client_id: randomUUID() };
    const again = async () => ask(server, 'POST', `/messages/${group.id}/send`, { token: boris.token, json });
    const first = await again();
    server.clock.advance(600);
    expect((await again()).body).toEqual(first.body);
    await ask(server, 'DELETE', `/groups/${group.id}/members/me`, { token: boris.token });
    expect(await again()).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    await ask(server, 'POST', `/groups/${group.id}/members/${boris.id}`, { token: anna.token });
    expect((await again()).body).toEqual(first.body);
  });
});
