import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, openChat, sendText, signUp, type Answer, type Person } from '../testing/api-client.ts';
import { connectToChat, joinChat } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let outsider: Person;

beforeAll(async () => {
  server = await startTestServer();
  [anna, boris, outsider] = await Promise.all([
    signUp(server, 'anna'),
    signUp(server, 'boris'),
    signUp(server, 'outsider'),
  ]);
});
afterAll(async () => {
  await server.stop();
});

/** Everything that a client can compare, with the id that was asked for blotted out. */
function seen({ status, headers, body }: Answer, id: number): string {
  const shown = [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
  return JSON.stringify([status, shown]) + JSON.stringify(body).replaceAll(new RegExp(`\\b${id}\\b`, 'g'), '#');
}

describe('case 4: another’s chat is as one that does not exist', () => {
  test('the same answer on every route, byte for byte but the id', async () => {
    const group = await createGroup(server, anna, [boris]);
    const personal = await openChat(server, anna, boris);
    await sendText(server, anna, group.id, 'Hello');
    // An id of as many digits, so that even the lengths compare.
    const routes: ((id: number) => [string, string, object?])[] = [
      (id) => ['GET', `/chats/${id}`],
      (id) => ['GET', `/chats/${id}/changes?since=0`],
      (id) => ['GET', `/groups/${id}`],
      (id) => ['PATCH', `/groups/${id}`, { name: 'Mine now' }],
      (id) => ['PATCH', `/groups/${id}`, { creator_id: outsider.id }],
      (id) => ['GET', `/groups/${id}/members`],
      (id) => ['POST', `/groups/${id}/members/${outsider.id}`],
      (id) => ['POST', `/groups/${id}/members/987654321`],
      (id) => ['DELETE', `/groups/${id}/members/${anna.id}`],
      (id) => ['DELETE', `/groups/${id}/members/me`],
      (id) => ['POST', `/messages/${id}/send`, { text: 'Hello' }],
      (id) => ['POST', `/messages/${id}/send`, { text: 'Hello', client_id: '7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11' }],
      (id) => ['GET', `/messages/history/${id}`],
      (id) => ['GET', `/messages/history/${id}?before=1`],
      (id) => ['POST', `/messages/${id}/send`, { text: 'Hello', reply_to: 1 }],
      (id) => ['GET', `/messages/${id}/1`],
      (id) => ['GET', `/messages/${id}/1/edits`],
      (id) => ['PATCH', `/messages/${id}/1`, { text: 'Mine now' }],
      (id) => ['DELETE', `/messages/${id}/1`],
      (id) => ['PUT', `/messages/${id}/1/reactions/%F0%9F%91%8D`],
      (id) => ['DELETE', `/messages/${id}/1/reactions/%F0%9F%91%8D`],
      (id) => ['PUT', `/messages/${id}/1/pin`],
      (id) => ['DELETE', `/messages/${id}/1/pin`],
      (id) => ['GET', `/chats/${id}/pins`],
      (id) => ['POST', '/messages/forward', { chat_id: id, messages: [{ id: 1 }], chat_ids: [id] }],
    ];
    for (const route of routes) {
      const answers = [];
      for (const id of [group.id, personal.id, 123_456_789]) {
        const [method, path, json] = route(id);
        const answer = await ask(server, method, path, { token: outsider.token, ...(json && { json }) });
        expect(answer.status).toBe(404);
        answers.push(seen(answer, id));
      }
      expect(answers[1]).toBe(answers[0]);
      expect(answers[2]).toBe(answers[0]);
    }
    // A number that was reserved for a message that may not be sent is given back.
    const { body } = await ask(server, 'GET', `/chats/${group.id}`, { token: anna.token });
    expect(body).toMatchObject({ last_message_id: 1, version: 4 });
  });

  test('the same on the socket', async () => {
    const group = await createGroup(server, anna, [boris]);
    const closes = [];
    for (const id of [group.id, 123_456_789, '99999999999999999999999999', '0']) {
      const socket = await connectToChat(server, id, outsider.token);
      closes.push({ ...(await socket.closed), frames: socket.frames });
    }
    for (const close of closes) expect(close).toEqual(closes[0]);
  });

  test('another’s session is as one that does not exist', async () => {
    const { body } = await ask(server, 'GET', '/auth/sessions', { token: anna.token });
    const [hers] = (body as { sessions: { id: string }[] }).sessions;
    const none = '0e0f4b52-65a1-4a44-8f1e-6f4f1d9a3b77';
    const [foreign, missing] = [
      await ask(server, 'DELETE', `/auth/sessions/${hers?.id}`, { token: outsider.token }),
      await ask(server, 'DELETE', `/auth/sessions/${none}`, { token: outsider.token }),
    ];
    expect(foreign.body).toEqual(missing.body);
    expect(foreign.status).toBe(404);
    expect((await ask(server, 'GET', '/users/me', { token: anna.token })).status).toBe(200);
  });
});

describe('case 5: searching tells of people, and nothing of their chats or addresses', () => {
  test('a canary in a private chat, a group’s name and an e-mail address is found by no outsider', async () => {
    const canary = 'kanarienvogel';
    const secretive = await signUp(server, 'secretive');
    const json = { username: 'plain-name', email: `${canary}@example.com`, password: 'password123' };
    expect((await ask(server, 'POST', '/auth/register', { json })).status).toBe(201);
    const { body: group } = await ask(server, 'POST', '/groups/', {
      token: secretive.token,
      json: { name: canary },
    });
    const { id } = group as { id: number };
    await sendText(server, secretive, id, canary);
    const queries = [canary, canary.slice(0, 5), canary.toUpperCase(), '@example.com', 'plain', 'secretive', '%', '_'];
    for (const query of queries) {
      const answer = await ask(server, 'GET', `/users/?query=${encodeURIComponent(query)}&limit=200`, {
        token: outsider.token,
      });
      expect(answer.status).toBe(200);
      for (const user of answer.body as object[]) {
        expect(Object.keys(user).toSorted()).toEqual(['display_name', 'id', 'username']);
      }
      expect(JSON.stringify(answer.body)).not.toMatch(new RegExp(`${canary}|@`));
      expect(answer.body).toHaveLength(['plain', 'secretive'].includes(query) ? 1 : 0);
    }
    for (const path of ['/chats/', '/groups/']) {
      const { body } = await ask(server, 'GET', path, { token: outsider.token });
      expect(JSON.stringify(body)).not.toContain(canary);
    }
    const { body: person } = await ask(server, 'GET', `/users/${secretive.id}`, { token: outsider.token });
    // Whether they are online is told as it is of everyone who shares no chat with the outsider.
    expect(person).toEqual({
      id: secretive.id,
      username: secretive.username,
      display_name: null,
      online: false,
      last_seen_at: null,
    });
  });
});

describe('case 6: no secret is in any answer or frame', () => {
  test('hashes, refresh tokens and addresses of others, over a run of everything', async () => {
    const told: string[] = [];
    const tell = async (asker: Person | undefined, method: string, path: string, json?: object): Promise<Answer> => {
      const answer = await ask(server, method, path, { token: asker?.token, ...(json && { json }) });
      told.push(
        `${method} ${path} ${answer.status} ${JSON.stringify([...answer.headers])} ${JSON.stringify(answer.body)}`,
      );
      return answer;
    };
    const { body } = await tell(anna, 'POST', '/groups/', { name: 'Canaries', members: [boris.id] });
    const { id } = body as { id: number };
    const sockets = [await joinChat(server, id, anna.token), await joinChat(server, id, boris.token)];
    await tell(anna, 'POST', `/messages/${id}/send`, { text: 'Hello' });
    sockets[1]?.send({ type: 'message', text: 'Hello too', ref: '1' });
    sockets[1]?.send({ type: 'read', message_id: 1, ref: '2' });
    sockets[1]?.send({ type: 'read', message_id: 99, ref: '3' });
    await sockets[1]?.next((frame) => frame['ref'] === '3');
    await tell(anna, 'PATCH', `/groups/${id}`, { name: 'Canaries!' });
    await tell(anna, 'POST', `/groups/${id}/members/${outsider.id}`);
    for (const path of [
      '/users/me',
      '/users/?query=b',
      `/users/${boris.id}`,
      '/auth/sessions',
      '/chats/',
      '/groups/',
    ]) {
      await tell(anna, 'GET', path);
    }
    for (const path of [`/chats/${id}`, `/chats/${id}/changes?since=0`, `/groups/${id}`, `/groups/${id}/members`]) {
      await tell(anna, 'GET', path);
    }
    await tell(anna, 'GET', `/messages/history/${id}`);
    await tell(anna, 'PATCH', '/users/me', { display_name: 'Anna' });
    await tell(undefined, 'POST', '/auth/register', { username: boris.username, email: 'a@b.cd', password: 'secret' });
    await tell(undefined, 'POST', '/auth/register', {
      username: 'x',
      email: `${boris.username}@example.com`,
      password: 1,
    });
    await tell(anna, 'POST', '/auth/password', { current_password: 'wrong', new_password: 'password123' });
    await tell(anna, 'DELETE', `/groups/${id}/members/${outsider.id}`);
    await tell(boris, 'DELETE', `/groups/${id}/members/me`);
    await tell(undefined, 'GET', '/openapi.json');
    const { chat_id: chatId } = { chat_id: (await openChat(server, anna, boris)).id };
    await tell(anna, 'GET', `/chats/${chatId}`);

    const frames = sockets.flatMap((socket) => socket.frames.map((frame) => JSON.stringify(frame)));
    expect(frames.length).toBeGreaterThan(6);
    const users = await server.db.selectFrom('users').select(['email', 'password_hash']).execute();
    const tokens = await server.db.selectFrom('refresh_tokens').select('hash').execute();
    const canaries = [
      ...users.map((user) => user.password_hash),
      ...users.map((user) => user.email).filter((email) => !email.startsWith(anna.username)),
      ...tokens.flatMap(({ hash }) => [hash.toString('hex'), hash.toString('base64'), hash.toString('base64url')]),
      anna.refreshToken,
      boris.refreshToken,
      server.secret,
      'password_hash',
      '$argon2',
      '_key',
    ];
    expect(canaries.length).toBeGreaterThan(20);
    const all = [...told, ...frames];
    for (const canary of canaries) expect(all.filter((text) => text.includes(canary))).toEqual([]);
    for (const socket of sockets) socket.close();
  });
});

describe('case 15: no cookie speaks for anyone', () => {
  test('a token in a cookie is not read, on HTTP or on the socket', async () => {
    const group = await createGroup(server, anna);
    for (const name of ['token', 'access_token', 'session', 'Authorization', '__Host-token']) {
      const answer = await ask(server, 'GET', '/users/me', { headers: { cookie: `${name}=${anna.token}` } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    const handshake = await fetch(`${server.url}/ws/${group.id}`, { headers: { cookie: `token=${anna.token}` } });
    expect(handshake.status).toBe(404);
  });
});
