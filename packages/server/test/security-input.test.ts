import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { ask, createGroup, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let groupId: number;

beforeAll(async () => {
  server = await startTestServer();
  [anna, boris] = await Promise.all([signUp(server, 'anna'), signUp(server, 'boris')]);
  groupId = (await createGroup(server, anna, [boris])).id;
  await sendText(server, anna, groupId, 'Hello');
});
afterAll(async () => {
  await server.stop();
});

/** All that is stored and that an input could change, sessions aside. */
async function stored(): Promise<string> {
  const tables = [
    await server.db.selectFrom('users').selectAll().orderBy('id').execute(),
    await server.db.selectFrom('chats').selectAll().orderBy('id').execute(),
    await server.db.selectFrom('members').selectAll().orderBy('chat_id').orderBy('user_id').execute(),
    await server.db.selectFrom('messages').selectAll().orderBy('chat_id').orderBy('id').execute(),
    await server.db.selectFrom('personal_chats').selectAll().orderBy('chat_id').execute(),
  ];
  return JSON.stringify(tables);
}

/** Every endpoint that takes a body, with one that is valid. */
function endpoints(): { method: string; path: string; token: string | undefined; body: Record<string, unknown> }[] {
  const { token } = anna;
  return [
    {
      method: 'POST',
      path: '/auth/register',
      token: undefined,
      body: { username: 'somebody', email: 'somebody@example.com', password: 'password123', display_name: 'Some Body' },
    },
    {
      method: 'POST',
      path: '/auth/token',
      token: undefined,
      body: { grant_type: 'password', username: anna.username, password: anna.password },
    },
    {
      method: 'POST',
      path: '/auth/token',
      token: undefined,
      body: { grant_type: 'refresh_token', refresh_token: anna.refreshToken },
    },
    {
      method: 'POST',
      path: '/auth/password',
      token,
      body: { current_password: anna.password, new_password: 'another password' },
    },
    { method: 'PATCH', path: '/users/me', token, body: { display_name: 'Anna', locale: 'ru' } },
    { method: 'POST', path: '/chats/', token, body: { user_id: boris.id } },
    { method: 'POST', path: '/groups/', token, body: { name: 'A group', members: [boris.id] } },
    { method: 'PATCH', path: `/groups/${groupId}`, token, body: { name: 'Another name', creator_id: boris.id } },
    {
      method: 'POST',
      path: `/messages/${groupId}/send`,
      token,
      body: { text: 'Hello', client_id: '7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11' },
    },
  ];
}

/** What is neither a text nor a positive whole number, and null where null clears a field. */
const WRONG: unknown[] = [
  {},
  { $ne: '' },
  { $gt: 0 },
  { toString: 'x' },
  [],
  ['x'],
  [1],
  [[]],
  true,
  false,
  -1,
  0,
  1.5,
  1e300,
  -0,
];

describe('case 12: a scalar field takes a scalar of its type and nothing else', () => {
  test('objects, arrays, booleans and numbers in every field of every body: refused, nothing stored', async () => {
    const before = await stored();
    let asked = 0;
    for (const { method, path, token, body } of endpoints()) {
      for (const [field, right] of Object.entries(body)) {
        const wrong = [...WRONG, ...(typeof right === 'string' ? [1, 12_345_678] : ['1', 'x', ''])];
        const cannotBeNull = !['display_name', 'locale'].includes(field);
        for (const value of [...wrong, ...(cannotBeNull ? [null] : [])]) {
          if (field === 'members' && Array.isArray(value) && value[0] !== 'x' && !Array.isArray(value[0])) continue;
          const answer = await ask(server, method, path, { token, json: { ...body, [field]: value } });
          const told = `${method} ${path} ${field}: ${JSON.stringify(value)}: ${JSON.stringify(answer.body)}`;
          const { code, errors } = answer.body as { code?: string; errors?: { loc: unknown[] }[] };
          const place = errors?.[0]?.loc.slice(0, 2);
          expect({ told, status: answer.status, code, place }).toEqual({
            told,
            status: 422,
            code: 'invalid_input',
            place: ['body', field],
          });
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(200);
    expect(await stored()).toBe(before);
  });

  test('a body that is no object is refused', async () => {
    const before = await stored();
    for (const { method, path, token } of endpoints()) {
      for (const raw of ['[]', '[{"name":"x"}]', '"text"', '1', 'true', 'null', '[[]]']) {
        const headers = { 'content-type': 'application/json' };
        const { status } = await ask(server, method, path, { token, raw, headers });
        expect(`${method} ${path} ${raw}: ${status}`).toBe(`${method} ${path} ${raw}: 422`);
      }
    }
    expect(await stored()).toBe(before);
  });

  test('a parameter given twice, as a list or as an object, is refused', async () => {
    for (const query of ['query=a&query=b', 'query[]=a', 'query[$ne]=a', 'query.x=a', 'limit=1&limit=2&query=a']) {
      const { status } = await ask(server, 'GET', `/users/?${query}`, { token: anna.token });
      expect(`${query}: ${status}`).toBe(`${query}: 422`);
    }
    const form = 'username=a&username=b&password=c';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask(server, 'POST', '/auth/token', { raw: form, headers })).status).toBe(422);
    expect((await ask(server, 'POST', '/auth/token', { raw: 'username[$ne]=a&password=c', headers })).status).toBe(422);
  });

  test('the same on the socket: an error, nothing stored, and the socket goes on', async () => {
    const before = await stored();
    const socket = await joinChat(server, groupId, anna.token);
    const shapes = [
      { type: 'message' },
      { type: 'message', text: 'x' },
      { type: 'read' },
      { type: 'read', message_id: 1 },
    ];
    let asked = 0;
    for (const shape of shapes) {
      for (const field of ['type', 'text', 'message_id', 'client_id']) {
        const belongs = field in shape || (shape.type === 'message' && field !== 'message_id');
        if (!belongs) continue;
        for (const value of [...WRONG, 12, null, 'not one']) {
          if (value === 'not one' && field === 'text') continue;
          asked += 1;
          socket.send({ ...shape, [field]: value, ref: `${asked}` });
          const frame = await socket.next();
          expect(frame).toMatchObject({ type: 'error', ref: `${asked}` });
        }
      }
    }
    expect(asked).toBeGreaterThan(80);
    expect(await stored()).toBe(before);
    socket.close();
  });
});

/** A body that is text already. */
const send = async (person: Person | undefined, method: string, path: string, raw: string) =>
  ask(server, method, path, { token: person?.token, raw, headers: { 'content-type': 'application/json' } });

describe('case 22: nobody gives themself more by further fields', () => {
  const EXTRA = {
    id: 1,
    user_id: 1,
    role: 'creator',
    is_admin: true,
    admin: true,
    creator_id: 1,
    creator: true,
    version: 999,
    info_version: 999,
    last_message_id: 999,
    last_read_id: 999,
    kind: 'personal',
    sender_id: 1,
    chat_id: 1,
    is_read: true,
    created_at: '2000-01-01T00:00:00.000Z',
    edited_at: '2000-01-01T00:00:00.000Z',
    reactions: [{ emoji: '👍', count: 9, user_ids: [1] }],
    reply_to_sender_id: 1,
    deleted_at: '2000-01-01T00:00:00.000Z',
    pinned_at: '2000-01-01T00:00:00.000Z',
    left_at: null,
    password_hash: 'x',
    username_key: 'x',
    session_id: '0e0f4b52-65a1-4a44-8f1e-6f4f1d9a3b77',
    constructor: { prototype: { is_admin: true } },
  };
  // Written as text: in a literal it would set the prototype and not be sent.
  const withExtra = (body: object, but: string[] = []): string => {
    const extra = Object.fromEntries(Object.entries(EXTRA).filter(([name]) => !but.includes(name)));
    return JSON.stringify({ ...extra, ...body }).replace('{', '{"__proto__":{"is_admin":true,"role":"creator"},');
  };

  test('registration: the account is like any other', async () => {
    const body = { username: 'climber', email: 'climber@example.com', password: 'password123' };
    const answer = await send(undefined, 'POST', '/auth/register', withExtra(body));
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body as object).toSorted()).toEqual(['email', 'id', 'username']);
    const row = await server.db
      .selectFrom('users')
      .selectAll()
      .where('username', '=', 'climber')
      .executeTakeFirstOrThrow();
    expect(row.id).not.toBe(1);
    expect(row).toMatchObject({ username_key: 'climber', created_at: server.clock.now(), locale: null });
    expect(row.password_hash).toMatch(/^\$argon2id\$/);
  });

  test('one’s account, a message, a group and a chat: only what is meant to be set is set', async () => {
    const before = JSON.parse(await stored()) as object[][];
    const account = await send(anna, 'PATCH', '/users/me', withExtra({ locale: 'en' }));
    expect(account).toMatchObject({ status: 200, body: { id: anna.id, username: anna.username, locale: 'en' } });

    const message = await send(anna, 'POST', `/messages/${groupId}/send`, withExtra({ text: 'Only text' }));
    expect(message.status).toBe(201);
    expect(message.body).toMatchObject({
      id: 2,
      chat_id: groupId,
      sender_id: anna.id,
      version: 5,
      is_read: false,
      reply_to: null,
      reactions: [],
      edited_at: null,
      deleted_at: null,
      pinned_at: null,
      forwarded_from: null,
      created_at: server.clock.now().toISOString(),
    });

    const group = await send(anna, 'POST', '/groups/', withExtra({ name: 'Mine' }));
    expect(group).toMatchObject({ status: 201, body: { creator_id: anna.id, members: [anna.id], name: 'Mine' } });
    const { id } = group.body as { id: number };
    expect(id).not.toBe(1);
    const chat = await server.db.selectFrom('chats').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(chat).toMatchObject({ kind: 'group', creator_id: anna.id, version: 2, info_version: 1, last_message_id: 0 });

    const renamed = await send(anna, 'PATCH', `/groups/${id}`, withExtra({ name: 'Still mine' }, ['creator_id']));
    expect(renamed).toMatchObject({ status: 200, body: { id, creator_id: anna.id, members: [anna.id] } });

    const opened = await send(anna, 'POST', '/chats/', withExtra({ user_id: boris.id }));
    expect(opened).toMatchObject({ status: 201, body: { is_group: false, creator_id: null, version: 3 } });

    // A member asks for the group with every word there is: the role says no, and nothing changes.
    const taken = await send(boris, 'PATCH', `/groups/${groupId}`, withExtra({ name: 'Taken' }));
    expect(taken.status).toBe(403);
    const members = await server.db.selectFrom('members').selectAll().where('chat_id', '=', groupId).execute();
    expect(Object.fromEntries(members.map(({ user_id, role }) => [user_id, role]))).toEqual({
      [anna.id]: 'creator',
      [boris.id]: 'member',
    });
    expect(before.length).toBe(5);
    expect(Object.prototype).not.toHaveProperty('is_admin');
  });

  test('a frame on the socket', async () => {
    const socket = await joinChat(server, groupId, boris.token);
    socket.sendRaw(withExtra({ type: 'message', text: 'Only text, again', ref: 'r' }));
    await socket.next((frame) => frame['ref'] === 'r');
    const { body } = await ask(server, 'GET', `/messages/history/${groupId}?limit=1`, { token: anna.token });
    expect(body).toMatchObject([{ sender_id: boris.id, chat_id: groupId, text: 'Only text, again', edited_at: null }]);
    socket.close();
  });
});

describe('case 27: no Content-Type brings a body past its schema', () => {
  const MUTATIONS = [
    'application/json',
    'APPLICATION/JSON',
    'Application/Json; charset=utf-8',
    'application/json;',
    'application/json ; charset=utf-16',
    'application/json; charset=latin1',
    'application/json;charset="utf-8"',
    'application/json\t',
    'application/json\t; a=b',
    'application/json,',
    'application/json, text/plain',
    'application/json; a=b; a=c',
    'application/json; boundary=x',
    'application/json/',
    'application/jsonp',
    'application/json-seq',
    'application/ json',
    'application /json',
    'application\\json',
    'application/json%00',
    'application',
    'application/',
    '/json',
    '/',
    ';',
    ',',
    '*/*',
    'application/*',
    'text/json',
    'text/plain',
    'text/plain; application/json',
    'text/html',
    'application/x-json',
    'application/vnd.api+json',
    'application/ld+json',
    'application/merge-patch+json',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/xml',
    'x-unknown',
    '',
    'a'.repeat(500),
    'é/json',
    '__proto__',
    'constructor/prototype',
    'application/__proto__',
  ];

  test('each mutation on each endpoint: refused, or checked', async () => {
    const before = await stored();
    let [refused, checked] = [0, 0];
    for (const { method, path, token, body } of endpoints()) {
      // Wrong in every field: whoever lets it pass has not looked at it.
      const raw = JSON.stringify(Object.fromEntries(Object.keys(body).map((name) => [name, { $ne: 1 }])));
      for (const type of MUTATIONS) {
        const { status } = await ask(server, method, path, { token, raw, headers: { 'content-type': type } });
        expect([400, 415, 422]).toContain(status);
        if (status === 422) checked += 1;
        else refused += 1;
      }
    }
    expect(Math.min(refused, checked)).toBeGreaterThan(20);
    expect(await stored()).toBe(before);
  });

  test('a valid body that is let in under such a type is the valid request', async () => {
    for (const type of MUTATIONS) {
      const { status, body } = await ask(server, 'PATCH', '/users/me', {
        token: anna.token,
        raw: '{"locale":"fr","display_name":"Anna"}',
        headers: { 'content-type': type },
      });
      expect([200, 400, 415]).toContain(status);
      expect((body as { locale?: string }).locale).toBe(status === 200 ? 'fr' : undefined);
    }
  });

  test('a body without a type, and one where none belongs', async () => {
    const bytes = new Uint8Array(Buffer.from('{"text":"x"}'));
    const path = `/messages/${groupId}/send`;
    expect((await ask(server, 'POST', path, { token: anna.token, raw: bytes })).status).toBe(415);
    expect((await ask(server, 'POST', path, { token: anna.token })).status).toBe(422);
  });
});

describe('case 30: one odd row breaks no page', () => {
  test('history, inbox, changes and groups with rows that no rule would write', async () => {
    const chat = await openChat(server, await signUp(server, 'odd'), anna);
    await sendText(server, anna, chat.id, 'whole');
    const odd: [number, string, number, string, string, string | null, string | null][] = [
      [2, '', anna.id, 'now()', 'NULL', null, null],
      [3, '\u202e\ud83d\udca9 \u0007 \u2028 </script>', 999_999, 'now()', 'NULL', null, null],
      [4, 'x'.repeat(300_000), -1, "'infinity'", 'NULL', "'-infinity'", "'infinity'"],
      [5, ' ', 0, "'0044-03-15 BC'", "'00000000-0000-0000-0000-000000000000'", "'20000-01-01'", null],
      // 6 is missing.
      [7, 'whole too', anna.id, 'now()', 'NULL', null, null],
    ];
    for (const [id, text, sender, created, client, edited, deleted] of odd) {
      await sql`
        INSERT INTO messages (chat_id, id, version, sender_id, client_id, text, created_at, edited_at, deleted_at)
        VALUES (${chat.id}, ${id}, ${1000 - id}, ${sender}, ${sql.raw(client)}, ${text}, ${sql.raw(created)},
          ${sql.raw(edited ?? 'NULL')}, ${sql.raw(deleted ?? 'NULL')})`.execute(server.db);
    }
    await sql`
      INSERT INTO members (chat_id, user_id, role, joined_at, left_at, joined_message_id, last_read_id, version)
      VALUES (${chat.id}, ${boris.id}, 'creator', '-infinity', 'infinity', -6, -5, 0)`.execute(server.db);
    await sql`UPDATE members SET joined_at = 'infinity' WHERE chat_id = ${chat.id} AND user_id = ${anna.id}`.execute(
      server.db,
    );
    for (const last of [7, 8, 4, 6]) {
      await sql`UPDATE chats SET last_message_id = ${last}, version = 1000, created_at = 'infinity'
        WHERE id = ${chat.id}`.execute(server.db);
      for (const path of ['/chats/', '/groups/', `/chats/${chat.id}`, `/chats/${chat.id}/changes?since=0`]) {
        const { status } = await ask(server, 'GET', path, { token: anna.token });
        expect(`${path} up to ${last}: ${status}`).toBe(`${path} up to ${last}: 200`);
      }
      const { status, body } = await ask(server, 'GET', `/messages/history/${chat.id}`, { token: anna.token });
      expect(status).toBe(200);
      const ids = (body as { id: number }[]).map(({ id }) => id);
      expect(ids).toEqual([7, 5, 4, 3, 2, 1].filter((id) => id <= last));
    }
    // And it goes on: a message after all that is stored and told.
    await sql`UPDATE chats SET last_message_id = 7 WHERE id = ${chat.id}`.execute(server.db);
    const socket = await joinChat(server, chat.id, anna.token);
    expect((await sendText(server, anna, chat.id, 'after')).id).toBe(8);
    expect(await socket.next()).toMatchObject({ type: 'message', id: 8, text: 'after' });
    socket.close();
  });
});

describe('limits of what is read at all', () => {
  test('HT3 a body past 64 KiB is 413, and one of 64 KiB is looked at', async () => {
    for (const [length, status] of [
      [64 * 1024 + 1, 413],
      [64 * 1024, 422],
      [1024 * 1024, 413],
    ] as const) {
      const start = '{"text":"';
      const raw = `${start}${'x'.repeat(length - start.length - 2)}"}`;
      const answer = await ask(server, 'POST', `/messages/${groupId}/send`, {
        token: anna.token,
        raw,
        headers: { 'content-type': 'application/json' },
      }).catch((error: unknown) => error);
      expect(answer).toMatchObject({ status });
    }
  });

  test('an answer about wrong input is not many times the input', async () => {
    const raw = `{"name":"x","members":[${'"",'.repeat(16_000)}""]}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(server, 'POST', '/groups/', { token: anna.token, raw, headers });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body).length).toBeLessThan(10_000);
  });
});
