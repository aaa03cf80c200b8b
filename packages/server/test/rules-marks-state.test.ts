import { Chat } from '@beseda/protocol/chats.ts';
import { MARKS_TOLD } from '@beseda/protocol/limits.ts';
import { Message } from '@beseda/protocol/messages.ts';
import fc from 'fast-check';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, type Person } from '../testing/api-client.ts';
import { connectToMain, emptyChat, type HeldChat, type MainClient } from '../testing/main-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { makeCrowd } from './crowd.ts';

let server: TestServer;
let people: Person[];
let crowd: Person[];

beforeAll(async () => {
  server = await startTestServer();
  people = await makeCrowd(server, 4);
  crowd = await makeCrowd(server, MARKS_TOLD.maxMembers);
});
afterAll(async () => {
  await server.stop();
});

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
process.stdout.write(`state of marks: seed ${seed}\n`);

interface Act {
  kind: 'send' | 'read' | 'delivered' | 'unread' | 'take back' | 'set' | 'drop';
  who: number;
  message: number;
}

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('send', 'send', 'read', 'read', 'read', 'delivered', 'unread', 'take back', 'set', 'drop'),
    who: fc.nat(3),
    message: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 5, maxLength: 30 },
);

async function perform({ kind, who, message }: Act, chatId: number): Promise<void> {
  const person = people[who] as Person;
  const as = async (method: string, path: string, json?: object) =>
    ask(server, method, path, { token: person.token, json });
  if (kind === 'send') await sendText(server, person, chatId, 'text');
  else if (kind === 'take back') await as('DELETE', `/chats/${chatId}/unread`);
  else if (kind === 'set') {
    const setting = message % 2 === 0 ? 'muted' : 'pinned';
    await as('PATCH', `/chats/${chatId}/settings`, { [setting]: message % 4 < 2 });
  }
  // One that is past the last message is refused, and changes nothing.
  else await as('POST', `/messages/${chatId}/${message}/${kind}`);
}

/** What a client that comes anew, and holds nothing but the versions, is told. */
async function fresh(person: Person, chatId: number): Promise<HeldChat> {
  const client = await connectToMain(server, person.token, new Map([[chatId, emptyChat()]]));
  await client.sync();
  client.close();
  return client.held.get(chatId) ?? emptyChat();
}

/** Whether someone other than its sender has read a message, as a client has it from the marks that it was told. */
function readByOthers(held: HeldChat, { id, sender_id: sender }: Message): boolean {
  return [...held.read].some(([userId, mark]) => userId !== sender && mark >= id);
}

/**
 * Up to where messages of others have reached a member's devices. What the member writes moves the reading mark over
 * one's own message, of which others are not told.
 */
function deliveredTo(held: HeldChat, person: Person): number {
  const mark = Math.max(held.delivered.get(person.id) ?? 0, held.read.get(person.id) ?? 0);
  const reached = [...held.messages.values()].filter((frame) => frame['sender_id'] !== person.id);
  return Math.max(0, ...reached.map((frame) => Number(frame['id'])).filter((id) => id <= mark));
}

/** Unread messages, as a client counts them. */
function unread(held: HeldChat, self: Person): number {
  const last = Math.max(0, ...held.messages.keys());
  return last - Math.min(held.read.get(self.id) ?? 0, (held.unreadFrom ?? Infinity) - 1);
}

/** Plays the acts before a client of the first person's, which drops out at times, and compares what it holds. */
async function holdsTheSame(chatId: number, plan: Act[]): Promise<{ mine: HeldChat; anew: HeldChat }> {
  const self = people[0] as Person;
  const held = new Map([[chatId, emptyChat()]]);
  let client: MainClient = await connectToMain(server, self.token, held);
  await client.sync();
  // Each does one thing after the other, and all of them at one time.
  const turns = new Map<number, Promise<void>>();
  for (const act of plan) {
    if (act.kind === 'drop') {
      client.close();
      client = await connectToMain(server, self.token, held);
      await client.sync();
      continue;
    }
    const before = turns.get(act.who) ?? Promise.resolve();
    turns.set(
      act.who,
      before.then(async () => perform(act, chatId)),
    );
  }
  await Promise.all(turns.values());
  client.send({ type: 'ping', ref: 'end' });
  await client.next(({ ref }) => ref === 'end');
  client.close();

  const mine = held.get(chatId) ?? emptyChat();
  const anew = await fresh(self, chatId);
  const path = `/messages/history/${chatId}?limit=200`;
  const messages = await expectAnswer(ask(server, 'GET', path, { token: self.token }), 200, Type.Array(Message));
  for (const told of [mine, anew]) {
    expect(messages.map((message) => readByOthers(told, message))).toEqual(messages.map(({ is_read: read }) => read));
  }
  expect(mine.read.get(self.id)).toBe(anew.read.get(self.id));
  expect(mine.unreadFrom).toBe(anew.unreadFrom);
  const chat = await expectAnswer(ask(server, 'GET', `/chats/${chatId}`, { token: self.token }), 200, Chat);
  expect([unread(mine, self), unread(anew, self)]).toEqual([chat.unread_count, chat.unread_count]);
  expect(mine.unreadFrom).toBe(chat.marked_unread_id);
  for (const told of [mine, anew]) expect(told.settings).toEqual({ muted: chat.muted, pinned: chat.pinned });
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM messages g JOIN members m ON m.chat_id = g.chat_id AND m.user_id = ${self.id}
    WHERE g.chat_id = ${chatId} AND g.id > LEAST(m.last_read_id, COALESCE(m.unread_from_id - 1, g.id))`.execute(
    server.db,
  );
  expect(chat.unread_count).toBe(rows[0]?.count);
  return { mine, anew };
}

describe('MK2 the marks that a client holds', () => {
  test('MK2 MK6 after any acts, drops and resumes they are as one that comes anew is told, and as the server has it', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (plan) => {
        const { id } = await createGroup(server, people[0] as Person, people.slice(1));
        const { mine, anew } = await holdsTheSame(id, plan);
        const delivered = [mine, anew].map((held) => people.slice(1).map((person) => deliveredTo(held, person)));
        expect(delivered[0]).toEqual(delivered[1]);
      }),
      { seed, numRuns: 12 },
    );
  });

  test('MK2 in a large group they say of each message whether it is read, though most marks are not told', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (plan) => {
        const { id } = await createGroup(server, people[0] as Person, [...people.slice(1), ...crowd]);
        const { mine, anew } = await holdsTheSame(id, plan);
        expect(mine.read.get(people[0]?.id ?? 0)).toBe(anew.read.get(people[0]?.id ?? 0));
      }),
      { seed, numRuns: 12 },
    );
  });
});

describe('the count of members', () => {
  test('equals the members there are, after any joining and leaving at one time', async () => {
    const [creator, ...others] = people as [Person, ...Person[]];
    await openChat(server, creator, others[0] as Person);
    const step = fc.record({ kind: fc.constantFrom('add', 'add', 'remove', 'leave'), who: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (plan) => {
        const { id } = await createGroup(server, creator, others.slice(0, 1));
        await Promise.all(
          plan.map(async ({ kind, who }) => {
            const person = others[who] as Person;
            const path = `/groups/${id}/members/${person.id}`;
            if (kind === 'add') return ask(server, 'POST', path, { token: creator.token });
            return ask(server, 'DELETE', path, { token: kind === 'leave' ? person.token : creator.token });
          }),
        );
        const { rows } = await sql<{ id: number }>`
          SELECT c.id FROM chats c
          WHERE c.member_count <> (SELECT count(*) FROM members m WHERE m.chat_id = c.id AND m.left_at IS NULL)`.execute(
          server.db,
        );
        expect(rows).toEqual([]);
      }),
      { seed, numRuns: 20 },
    );
  });
});
