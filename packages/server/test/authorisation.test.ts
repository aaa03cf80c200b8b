import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccessTokens } from '../src/domain/access-tokens.ts';
import { withinTransaction } from '../src/db/pipeline.ts';
import { sendMessages } from '../src/domain/send-messages.ts';
import { openSession } from '../src/domain/sessions.ts';
import { ask, createGroup, expectAnswer, openChat, signUp, type Answer, type Person } from '../testing/api-client.ts';
import { connectToChat } from '../testing/chat-socket.ts';
import { sendFiles, uploadFile } from '../testing/file-uploads.ts';
import { photo } from '../testing/pictures.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { actors, matrix, undocumented, type Actor, type Row } from './authorisation-matrix.ts';

let server: TestServer;
/** By the part they play; the last three knock as the member does, with a token that is missing or over. */
let people: Record<'outsider' | 'member' | 'creator' | 'removed' | 'target' | 'newcomer', Person>;
let personalId: number;
/** An image of a message in a group in which everyone plays their part. */
let groupFile: string;

beforeAll(async () => {
  server = await startTestServer();
  const names = ['outsider', 'member', 'creator', 'removed', 'target', 'newcomer'] as const;
  const [outsider, member, creator, removed, target, newcomer] = await Promise.all([
    signUp(server, names[0]),
    signUp(server, names[1]),
    signUp(server, names[2]),
    signUp(server, names[3]),
    signUp(server, names[4]),
    signUp(server, names[5]),
  ]);
  people = { outsider, member, creator, removed, target, newcomer };
  personalId = (await openChat(server, member, creator)).id;
  await say(personalId, [member, creator]);
  // Whoever asks for a personal chat with the target has it already: the answer is the same at every time of asking.
  for (const one of [outsider, member, creator, removed]) await openChat(server, one, target);
  const group = await createGroup(server, creator, [member, removed]);
  groupFile = (await uploadFile(server, member, 'a.jpg', await photo())).id;
  await sendFiles(server, member, group.id, [groupFile]);
  await remove(group.id, removed);
});
afterAll(async () => {
  await server.stop();
});

/** A session of its own for one question, without the cost of a password. */
async function session(person: Person): Promise<{ id: string; token: string }> {
  const device = { userAgent: undefined, address: undefined };
  const lifetimes = { idle: 1000, absolute: 10_000 };
  const { sessionId } = await openSession(server.db, person.id, device, lifetimes, server.clock.now());
  const tokens = createAccessTokens(server.secret, 900, server.clock);
  return { id: sessionId, token: await tokens.issue({ userId: person.id, sessionId }) };
}

function personOf(actor: Actor): Person {
  if (actor === 'tokenless' || actor === 'expired' || actor === 'signed out') return people.member;
  return people[actor];
}

async function tokenOf(actor: Actor): Promise<string | undefined> {
  if (actor === 'tokenless') return undefined;
  const { token } = await session(personOf(actor));
  if (actor === 'expired') server.clock.advance(901);
  if (actor === 'signed out') await expectAnswer(ask(server, 'POST', '/auth/logout', { token }), 204, Type.Any());
  return token;
}

/** A group in which everyone plays their part. */
async function freshGroup(): Promise<number> {
  const { creator, member, removed, target } = people;
  const owner = { ...creator, token: (await session(creator)).token };
  const { id } = await createGroup(server, owner, [member, removed, target]);
  await say(id, [member, creator, target]);
  await remove(id, removed);
  return id;
}

/** A message of each, in their order; written past the API, which has better to do in these tests. */
async function say(chatId: number, senders: Person[]): Promise<void> {
  const drafts = senders.map(({ id }) => ({ chatId, senderId: id, text: 'Hello', clientId: undefined }));
  await server.db
    .transaction()
    .execute(async (tx) => withinTransaction(tx, async (steps) => sendMessages(steps, drafts, server.clock.now())));
}

async function remove(groupId: number, person: Person): Promise<void> {
  const { token } = await session(people.creator);
  const { status } = await ask(server, 'DELETE', `/groups/${groupId}/members/${person.id}`, { token });
  expect(status).toBe(204);
}

let unique = 0;

/** What the row asks, filled in for one who asks. */
async function question(row: Row, person: Person, groupId: number) {
  unique += 1;
  const [method = '', path = ''] = row.route.split(' ');
  const values: Record<string, string | number> = {
    group: groupId,
    personal: personalId,
    self: person.id,
    creator: people.creator.id,
    target: people.target.id,
    partner: people.target.id,
    newcomer: people.newcomer.id,
    username: person.username,
    unique,
    'group file': groupFile,
    session: (await session(person)).id,
    'foreign session': (await session(people.newcomer)).id,
  };
  const fill = (text: string): string => text.replaceAll(/\{([\w ]+)\}/g, (_, name: string) => `${values[name]}`);
  // A value that is a placeholder alone becomes what it stands for; ids stay numbers.
  const meant = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(meant);
    if (typeof value !== 'string') return value;
    const alone = /^\{([\w ]+)\}$/.exec(value)?.[1];
    return alone === undefined ? fill(value) : values[alone];
  };
  const json = Object.entries(row.body ?? {}).map(([name, value]: [string, unknown]) => [name, meant(value)]);
  return {
    method,
    path: fill(row.address ?? path.replace('/api/v1', '')),
    json: row.body === undefined ? undefined : (Object.fromEntries(json) as unknown),
  };
}

async function answerTo(row: Row, person: Person, groupId: number, token: string | undefined): Promise<string> {
  const { method, path, json } = await question(row, person, groupId);
  if (method === 'WS') return door(path, token);
  const headers = { 'content-type': 'application/octet-stream', 'upload-offset': '0' };
  const bytes = row.bytes === true ? { raw: new Uint8Array(1), headers } : {};
  const asking = { token, ...(json === undefined ? {} : { json }), ...bytes };
  return inWords(await (path === '/' ? home() : ask(server, method, path, asking)));
}

async function home(): Promise<Answer> {
  const response = await fetch(`${server.url}/`, { redirect: 'manual' });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

function inWords({ status, body }: Answer): string {
  const code: unknown = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return status < 400 || typeof code !== 'string' ? String(status) : `${status} ${code}`;
}

async function door(chatId: string, token: string | undefined): Promise<string> {
  const socket = await connectToChat(server, chatId, token ?? '');
  socket.send({ type: 'nothing', ref: 'in' });
  const answered = socket
    .next((frame) => frame['ref'] === 'in')
    .then(
      () => 'open',
      () => 'closed',
    );
  const outcome = (await answered) === 'open' ? 'open' : `closed ${(await socket.closed).code}`;
  socket.close();
  return outcome;
}

test('ASVS 8.1.1 every route of the API is in the matrix, and the matrix has no other', async () => {
  const { body } = await ask(server, 'GET', '/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, unknown>> };
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const rows = new Set(matrix.map(({ route }) => route));
  expect(documented.length).toBeGreaterThan(20);
  expect([...rows].toSorted()).toEqual([...documented, ...undocumented].toSorted());
});

describe.each(actors)('ASVS 8.1 what this one may do: %s', (actor) => {
  test('every row of the matrix', async () => {
    const actual: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const [index, row] of matrix.entries()) {
      const name = `${index} ${row.route} ${row.address ?? ''} ${JSON.stringify(row.body ?? '')}`;
      const groupId = await freshGroup();
      expected[name] = row.expected[actor];
      actual[name] = await answerTo(row, personOf(actor), groupId, await tokenOf(actor));
    }
    expect(actual).toEqual(expected);
  });
});

test('case 2: what a member could do is gone with the membership, for the same token', async () => {
  const rows = matrix.filter(({ address }) => address?.includes('{group}') === true);
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const groupId = await freshGroup();
    const { token } = await session(people.member);
    const before = await answerTo(row, people.member, groupId, token);
    expect(`${row.route}: ${before}`).toBe(`${row.route}: ${row.expected.member}`);
    // Where the question itself was how to leave, the member is out already.
    const { body } = await ask(server, 'GET', `/groups/${groupId}/members`, { token });
    if (Array.isArray(body) && body.includes(people.member.id)) await remove(groupId, people.member);
    const after = await answerTo(row, people.member, groupId, token);
    expect(`${row.route}: ${after}`).toBe(`${row.route}: ${row.expected.removed}`);
    for (const list of ['/chats/', '/groups/']) {
      const { body: listed } = await ask(server, 'GET', list, { token });
      expect(JSON.stringify(listed)).not.toContain(`"id":${groupId},`);
    }
  }
});

test('ASVS 8.1 HEAD is guarded as GET is', async () => {
  for (const row of matrix.filter(({ route }) => route.startsWith('GET '))) {
    const groupId = await freshGroup();
    const { path } = await question(row, people.outsider, groupId);
    if (path === '/') continue;
    const { token } = await session(people.outsider);
    const root =
      path.startsWith('/openapi') || /^\/(healthz|readyz|metrics|docs|playground)/.test(path) ? '' : '/api/v1';
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await fetch(`${server.url}${root}${path}`, { method: 'HEAD', headers });
    // HEAD leaves the body out, so only the status can be compared.
    expect(`${path}: ${status}`).toBe(`${path}: ${row.expected.outsider.slice(0, 3)}`);
  }
});

test('ASVS 8.1 metrics are for the holder of their token alone', async () => {
  const measured = await startTestServer({ metricsToken: 'the token for metrics' });
  const person = await signUp(measured);
  const statuses = [];
  for (const token of [undefined, person.token, 'the token for metric', 'the token for metrics']) {
    statuses.push((await ask(measured, 'GET', '/metrics', { token })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 200]);
  await measured.stop();
});
