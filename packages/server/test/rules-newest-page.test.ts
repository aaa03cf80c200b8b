import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryNetwork } from '../src/bus/memory.ts';
import { createAccessTokens } from '../src/domain/access-tokens.ts';
import { openSession } from '../src/domain/sessions.ts';
import { ask, createGroup, sendText, signUp, type Answer, type Person } from '../testing/api-client.ts';
import { createRandom } from '../testing/random.ts';
import { startTestNodes, type TestNodes } from '../testing/test-nodes.ts';
import type { TestServer } from '../testing/test-server.ts';

let nodes: TestNodes;
let anna: Person;
let boris: Person;
let vera: Person;

const random = createRandom('NEWEST_PAGE_SEED');

beforeAll(async () => {
  process.stdout.write(`newest pages: ${random.told}\n`);
  const network = createMemoryNetwork();
  nodes = await startTestNodes(2, () => network.connect());
  [anna, boris, vera] = await Promise.all([signUp(first(), 'anna'), signUp(first(), 'boris'), signUp(first(), 'vera')]);
});
afterAll(async () => {
  await nodes.stop();
});

function first(): TestServer {
  const [one] = nodes.servers;
  if (one === undefined) throw new Error('no node has started');
  return one;
}

const anyNode = (): TestServer => random.pick(nodes.servers);

/** The answer to a GET as it stands. */
async function text(server: TestServer, path: string, token: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.text() };
}

/** The newest page, which each node answers twice alike: anew or as it was kept. */
async function newest(person: Pick<Person, 'token'>, chatId: number, limit = 50): Promise<string> {
  const path = `/messages/history/${chatId}?limit=${limit}`;
  const answers = [];
  for (const server of [...nodes.servers, ...nodes.servers]) answers.push(await text(server, path, person.token));
  const [answer, ...others] = answers;
  for (const other of others) expect(other).toEqual(answer);
  return answer?.status === 200 ? answer.body : `${answer?.status}`;
}

/** The same from the messages one by one, which are read and made JSON another way. */
async function oneByOne(person: Person, chatId: number, limit = 50): Promise<string> {
  const chat = await ask(first(), 'GET', `/chats/${chatId}`, { token: person.token });
  if (chat.status !== 200) return `${chat.status}`;
  const { last_message_id: last } = chat.body as { last_message_id: number };
  const found = [];
  for (let id = last; id > Math.max(0, last - limit); id -= 1)
    found.push((await text(first(), `/messages/${chatId}/${id}`, person.token)).body);
  return `[${found.join(',')}]`;
}

const as = async (person: Person, method: string, path: string, json?: object): Promise<Answer> =>
  ask(anyNode(), method, path, { token: person.token, ...(json === undefined ? {} : { json }) });

/** Another session of a person, without the cost of a password. */
async function session(person: Person): Promise<{ id: string; token: string }> {
  const { db, clock, secret } = first();
  const device = { userAgent: undefined, address: undefined };
  const opened = await openSession(db, person.id, device, { idle: 1000, absolute: 1000 }, clock.now());
  return { id: opened.sessionId, token: await createAccessTokens(secret, 900, clock).issue(opened) };
}

describe('HT1 the newest page tells each message as it is told alone', () => {
  test('HT1 whatever it holds, to the letter', async () => {
    const { id } = await createGroup(first(), anna, [boris, vera]);
    expect(await newest(anna, id)).toBe('[]');
    for (const what of [
      'plain',
      '"quoted" \\ / \b\f\n\r\t \u0001\u001f\u007f',
      'Здравствуй, 世界 👩‍👩‍👧 \u2028\u2029\u202e\ufeff',
      '</script><!-- {"a":1} &amp; \\u0041',
      'x'.repeat(4000),
    ])
      await sendText(first(), anna, id, what);
    first().clock.advance(0.07);
    await as(boris, 'POST', `/messages/${id}/send`, { text: 'answer', reply_to: 2, client_id: randomUUID() });
    await as(anna, 'PATCH', `/messages/${id}/1`, { text: 'edited' });
    await as(anna, 'DELETE', `/messages/${id}/5`);
    for (const [person, emoji] of [
      [vera, '🎉'],
      [boris, '👍'],
      [anna, '🎉'],
    ] as const)
      await as(person, 'PUT', `/messages/${id}/2/reactions/${encodeURIComponent(emoji)}`);
    await as(vera, 'PUT', `/messages/${id}/6/reactions/${encodeURIComponent('❤️')}`);
    await as(anna, 'PUT', `/messages/${id}/2/pin`);
    await as(boris, 'POST', `/messages/${id}/3/read`);
    const page = await newest(anna, id);
    expect(page).toBe(await oneByOne(anna, id));
    for (const told of ['"reply_to":{"id":2,', '"emoji":"🎉","count":2', '"is_read":true', '"is_read":false'])
      expect(page).toContain(told);
    expect(await newest(anna, id, 2)).toBe(await oneByOne(anna, id, 2));
    // And so does the inbox, of the newest.
    const alone = await text(first(), `/messages/${id}/6`, anna.token);
    for (const path of ['/chats/', `/chats/${id}`])
      expect((await text(first(), path, anna.token)).body).toContain(`"last_message":${alone.body},`);
  });
});

describe('HT1 a page that was read before is shown to nobody for whom, or when, it is another', () => {
  test.each<[string, (id: number) => Promise<Answer>]>([
    ['a message', async (id) => as(boris, 'POST', `/messages/${id}/send`, { text: 'more' })],
    ['an edit', async (id) => as(anna, 'PATCH', `/messages/${id}/1`, { text: 'edited' })],
    ['a deletion', async (id) => as(anna, 'DELETE', `/messages/${id}/1`)],
    ['a reaction', async (id) => as(vera, 'PUT', `/messages/${id}/1/reactions/%F0%9F%91%8D`)],
    ['a pin', async (id) => as(anna, 'PUT', `/messages/${id}/1/pin`)],
    ['a mark of reading', async (id) => as(boris, 'POST', `/messages/${id}/1/read`)],
  ])('HT1 after %s, over either node', async (_what, act) => {
    const { id } = await createGroup(first(), anna, [boris, vera]);
    await sendText(first(), anna, id, 'first');
    const before = await newest(anna, id);
    expect((await act(id)).status).toBeLessThan(300);
    const after = await newest(anna, id);
    expect(after).not.toBe(before);
    expect(after).toBe(await oneByOne(anna, id));
  });

  test('HT1 a reaction that is taken back', async () => {
    const { id } = await createGroup(first(), anna, [boris]);
    await sendText(first(), anna, id, 'first');
    await as(boris, 'PUT', `/messages/${id}/1/reactions/%F0%9F%91%8D`);
    expect(await newest(anna, id)).toContain('"count":1');
    await as(boris, 'DELETE', `/messages/${id}/1/reactions/%F0%9F%91%8D`);
    expect(await newest(anna, id)).toContain('"reactions":[]');
  });

  test('HT1 one who is no member, is removed, leaves or comes back', async () => {
    const { id } = await createGroup(first(), anna, [boris]);
    await sendText(first(), anna, id, 'for members');
    expect(await newest(boris, id)).toContain('for members');
    expect(await newest(vera, id)).toBe('404');
    await as(anna, 'DELETE', `/groups/${id}/members/${boris.id}`);
    expect(await newest(anna, id)).toContain('for members');
    expect(await newest(boris, id)).toBe('404');
    await as(anna, 'POST', `/groups/${id}/members/${boris.id}`);
    expect(await newest(boris, id)).toContain('for members');
    await as(boris, 'DELETE', `/groups/${id}/members/${boris.id}`);
    expect(await newest(boris, id)).toBe('404');
  });

  test('HT1 one whose session has ended, or whose token has expired', async () => {
    const { id } = await createGroup(first(), anna, [boris]);
    await sendText(first(), anna, id, 'for members');
    const [his, other] = [await session(boris), await session(boris)];
    expect(await newest(his, id)).toContain('for members');
    await as({ ...boris, token: other.token }, 'DELETE', `/auth/sessions/${his.id}`);
    expect(await newest(his, id)).toBe('401');
    expect(await newest(other, id)).toContain('for members');
    const short = await createAccessTokens(first().secret, 10, first().clock).issue({
      userId: boris.id,
      sessionId: other.id,
    });
    expect(await newest({ token: short }, id)).toContain('for members');
    first().clock.advance(10);
    expect(await newest({ token: short }, id)).toBe('401');
    expect(await newest(other, id)).toContain('for members');
  });

  test('HT1 wrong input is refused before and after', async () => {
    const { id } = await createGroup(first(), anna);
    expect(await newest(anna, id, 0)).toBe('422');
    expect(await newest(anna, id)).toBe('[]');
    expect(await newest(anna, id, 0)).toBe('422');
  });

  test('HT1 acts at random, of members who come and go, over two nodes', async () => {
    const people = [anna, boris, vera];
    const { id } = await createGroup(first(), anna, people.slice(1));
    const act = async (): Promise<unknown> => {
      const [person, messageId] = [random.pick(people), 1 + random.below(6)];
      const path = `/messages/${id}/${messageId}`;
      return random.pick([
        async () => as(person, 'POST', `/messages/${id}/send`, { text: random.word(5) }),
        async () => as(person, 'POST', `/messages/${id}/send`, { text: random.word(5), reply_to: messageId }),
        async () => as(person, 'PATCH', path, { text: random.word(5) }),
        async () => as(person, 'DELETE', path),
        async () => as(person, 'PUT', `${path}/reactions/%F0%9F%91%8D`),
        async () => as(person, 'DELETE', `${path}/reactions/%F0%9F%91%8D`),
        async () => as(person, 'POST', `${path}/read`),
        async () => as(anna, random.pick(['POST', 'DELETE']), `/groups/${id}/members/${random.pick([boris, vera]).id}`),
      ])();
    };
    for (let round = 0; round < 60; round += 1) {
      // Some at the same time, and pages read meanwhile: what they keep must not be shown later.
      const reading = people.map(async ({ token }) => text(anyNode(), `/messages/history/${id}?limit=5`, token));
      await Promise.all([...Array.from({ length: 1 + random.below(3) }, act), ...reading]);
      for (const person of people) expect(await newest(person, id, 5)).toBe(await oneByOne(person, id, 5));
    }
  });
});
