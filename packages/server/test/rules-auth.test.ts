import { randomBytes } from 'node:crypto';
import { Sessions, Tokens } from '@beseda/protocol/auth.ts';
import { Registered } from '@beseda/protocol/users.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, signIn, signUp } from '../testing/api-client.ts';
import { connectToChat, joinChat } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
});

const newToken = (): string => randomBytes(32).toString('base64url');

async function refresh(refreshToken: string, next?: string): Promise<Tokens> {
  const chosen = next === undefined ? {} : { next_refresh_token: next };
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, ...chosen };
  return expectAnswer(ask(server, 'POST', '/auth/token', { form }), 200, Tokens);
}

async function refused(fields: Record<string, string>): Promise<boolean> {
  const form = { grant_type: 'refresh_token', ...fields };
  const { status, body } = await ask(server, 'POST', '/auth/token', { form });
  return status === 401 && (body as { code: string }).code === 'invalid_refresh_token';
}

async function statusOf(token: string): Promise<number> {
  return (await ask(server, 'GET', '/users/me', { token })).status;
}

describe('HT1 registering', () => {
  test.each(['/auth/register', '/auth/register/'])(
    'HT1 POST %s answers 201 with id, username and email',
    async (path) => {
      const username = `new${path.length}`;
      const json = { username, email: `${username}@example.com`, password: 'password123' };
      const account = await expectAnswer(ask(server, 'POST', path, { json }), 201, Registered);
      expect(account).toEqual({ id: account.id, username, email: json.email });
    },
  );

  test('HT1 a username or an e-mail address that is taken, in any case of letters, is refused with 400', async () => {
    const json = { username: 'Мария', email: 'maria@example.com', password: 'password123' };
    expect(await ask(server, 'POST', '/auth/register', { json })).toMatchObject({ status: 201 });
    const sameName = { ...json, username: 'МАРИЯ', email: 'other@example.com' };
    expect(await ask(server, 'POST', '/auth/register', { json: sameName })).toMatchObject({
      status: 400,
      body: { code: 'username_taken' },
    });
    const sameEmail = { ...json, username: 'maria', email: 'MARIA@EXAMPLE.COM' };
    expect(await ask(server, 'POST', '/auth/register', { json: sameEmail })).toMatchObject({
      status: 400,
      body: { code: 'email_taken' },
    });
  });

  test('HT1 of many who register one name at once, one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) =>
        ask(server, 'POST', '/auth/register', {
          json: { username: 'wanted', email: `wanted${index}@example.com`, password: 'password123' },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, ...Array(7).fill(400)]);
  });
});

describe('HT1 tokens', () => {
  test.each(['/auth/token', '/auth/token/'])('HT1 POST %s takes a form or JSON', async (path) => {
    const { username, password } = await signUp(server);
    for (const asking of [
      { form: { username, password } },
      { form: { grant_type: 'password', username, password, scope: '', client_id: 'x', client_secret: '' } },
      { json: { username, password } },
    ]) {
      const answer = await ask(server, 'POST', path, asking);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.body).toEqual({
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      });
    }
  });

  test('HT1 an unknown user and a wrong password are told with the same 401', async () => {
    const { username } = await signUp(server);
    const wrong = await ask(server, 'POST', '/auth/token', { form: { username, password: 'not this one' } });
    const unknown = await ask(server, 'POST', '/auth/token', {
      form: { username: 'nobody', password: 'not this one' },
    });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
    expect(unknown.body).toEqual(wrong.body);
    expect(unknown.headers.get('www-authenticate')).toBe(wrong.headers.get('www-authenticate'));
  });

  test('HT1 an access token is refused once its time is over, while a socket opened with it goes on', async () => {
    const [anna, boris] = [await signUp(server), await signUp(server)];
    const chat = await openChat(server, anna, boris);
    const socket = await joinChat(server, chat.id, anna.token);
    server.clock.advance(899);
    expect(await statusOf(anna.token)).toBe(200);
    server.clock.advance(2);
    expect(await statusOf(anna.token)).toBe(401);
    const late = await connectToChat(server, chat.id, anna.token);
    expect(await late.closed).toMatchObject({ code: 1008 });
    const { access_token: token } = await signIn(server, boris.username, boris.password);
    await sendText(server, { ...boris, token }, chat.id, 'are you there?');
    expect(await socket.next()).toMatchObject({ text: 'are you there?' });
    socket.send({ type: 'message', text: 'yes', ref: '1' });
    expect(await socket.next()).toMatchObject({ type: 'ack', ref: '1' });
    socket.close();
  });
});

describe('HT1 refreshing', () => {
  test('HT1 a refresh token is traded for new tokens of the same session', async () => {
    const person = await signUp(server);
    const tokens = await refresh(person.refreshToken);
    expect(tokens.refresh_token).not.toBe(person.refreshToken);
    expect(await statusOf(tokens.access_token)).toBe(200);
    const listed = await ask(server, 'GET', '/auth/sessions', { token: tokens.access_token });
    expect(listed.body).toMatchObject({ sessions: [{ current: true }] });
  });

  test('HT1 a refresh token used again ends the session: its newer tokens, and its open sockets', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const socket = await joinChat(server, group.id, person.token);
    const next = await refresh(person.refreshToken);
    const form = { grant_type: 'refresh_token', refresh_token: person.refreshToken };
    const reused = await ask(server, 'POST', '/auth/token', { form });
    expect(reused).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
    expect(await socket.closed).toMatchObject({ code: 4401 });
    expect([await statusOf(person.token), await statusOf(next.access_token)]).toEqual([401, 401]);
    const after = await ask(server, 'POST', '/auth/token', { form: { ...form, refresh_token: next.refresh_token } });
    expect(after).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
  });

  test('HT1 with a next token of its own, a client may repeat a refresh until it has used that one', async () => {
    const person = await signUp(server);
    const next = newToken();
    const first = await refresh(person.refreshToken, next);
    // Ten at once, and much later too: an answer may be lost, and the device be without a network for days.
    const repeats = await Promise.all(Array.from({ length: 10 }, async () => refresh(person.refreshToken, next)));
    server.clock.advance(20 * 86_400);
    repeats.push(await refresh(person.refreshToken, next));
    for (const { refresh_token } of [first, ...repeats]) expect(refresh_token).toBe(next);
    expect(await statusOf(repeats.at(-1)?.access_token ?? '')).toBe(200);

    const later = newToken();
    const went = await refresh(next, later);
    expect(await refused({ refresh_token: person.refreshToken, next_refresh_token: next })).toBe(true);
    expect([await statusOf(went.access_token), await refused({ refresh_token: later })]).toEqual([401, true]);
  });

  test('HT1 ten refreshes at once that ask for the same next token are one', async () => {
    const person = await signUp(server);
    const next = newToken();
    await Promise.all(Array.from({ length: 10 }, async () => refresh(person.refreshToken, next)));
    expect((await refresh(next)).refresh_token).toMatch(/^[\w-]{43}$/);
  });

  test.each([
    ['none', async () => ({})],
    ['another', async () => ({ next_refresh_token: newToken() })],
    ['one of a later trade', async (next: string) => ({ next_refresh_token: (await refresh(next)).refresh_token })],
  ])('HT1 a repeat with another next token than at first (%s) ends the session', async (_, other) => {
    const person = await signUp(server);
    const next = newToken();
    const { access_token } = await refresh(person.refreshToken, next);
    expect(await refused({ refresh_token: person.refreshToken, ...(await other(next)) })).toBe(true);
    expect([await statusOf(access_token), await refused({ refresh_token: next })]).toEqual([401, true]);
  });

  test('HT1 a next token that is not one, or not new, is refused, and nothing is used up by it', async () => {
    const [person, other] = [await signUp(server), await signUp(server)];
    const form = { grant_type: 'refresh_token', refresh_token: person.refreshToken };
    const bad = ['', 'short', `${newToken()}A`, `${newToken().slice(1)}+`, person.refreshToken, other.refreshToken];
    for (const next_refresh_token of bad) {
      const { status, body } = await ask(server, 'POST', '/auth/token', { form: { ...form, next_refresh_token } });
      expect({ status, body }).toMatchObject({
        status: 422,
        body: { errors: [{ loc: ['body', 'next_refresh_token'] }] },
      });
    }
    expect((await refresh(person.refreshToken)).refresh_token).not.toBe(person.refreshToken);
    expect((await refresh(other.refreshToken)).refresh_token).not.toBe(other.refreshToken);
  });

  test('HT1 of many uses of one refresh token at once at most one succeeds', async () => {
    const person = await signUp(server);
    const form = { grant_type: 'refresh_token', refresh_token: person.refreshToken };
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => ask(server, 'POST', '/auth/token', { form })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  });

  test('HT1 a refresh token that lies unused for 30 days, or that nobody made, is worth nothing', async () => {
    const person = await signUp(server);
    server.clock.advance(30 * 86_400 + 1);
    for (const token of [person.refreshToken, 'made up']) {
      const form = { grant_type: 'refresh_token', refresh_token: token };
      expect(await ask(server, 'POST', '/auth/token', { form })).toMatchObject({ status: 401 });
    }
  });
});

describe('HT1 sessions', () => {
  test.each(['/auth/logout', '/auth/logout/'])(
    'HT1 POST %s ends this session and its sockets, no other',
    async (path) => {
      const person = await signUp(server);
      const other = await signIn(server, person.username, person.password);
      const group = await createGroup(server, person);
      const [ended, going] = [
        await joinChat(server, group.id, person.token),
        await joinChat(server, group.id, other.access_token),
      ];
      expect(await ask(server, 'POST', path, { token: person.token })).toMatchObject({ status: 204, body: '' });
      expect(await ended.closed).toMatchObject({ code: 4401 });
      expect([await statusOf(person.token), await statusOf(other.access_token)]).toEqual([401, 200]);
      going.send({ type: 'message', text: 'still here', ref: '1' });
      expect(await going.next()).toMatchObject({ type: 'ack', ref: '1' });
      going.close();
    },
  );

  test.each(['/auth/sessions', '/auth/sessions/'])('HT1 GET %s lists where one is signed in', async (path) => {
    const person = await signUp(server);
    server.clock.advance(60);
    const json = { username: person.username, password: person.password };
    const headers = { 'user-agent': 'A phone' };
    const { access_token: token } = await expectAnswer(
      ask(server, 'POST', '/auth/token', { json, headers }),
      200,
      Tokens,
    );
    const { sessions } = await expectAnswer(ask(server, 'GET', path, { token }), 200, Sessions);
    expect(sessions).toMatchObject([{ device: 'A phone', address: '127.0.0.1', current: true }, { current: false }]);
  });

  test('HT1 one session, or all others, can be ended; nobody ends the sessions of others', async () => {
    const [person, stranger] = [await signUp(server), await signUp(server)];
    const tokens: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      server.clock.advance(1);
      tokens.push((await signIn(server, person.username, person.password)).access_token);
    }
    const [first, second, third] = tokens;
    const { sessions } = await expectAnswer(ask(server, 'GET', '/auth/sessions', { token: first }), 200, Sessions);
    // The one used last comes first.
    const id = sessions[0]?.id;
    expect(await ask(server, 'DELETE', `/auth/sessions/${id}`, { token: stranger.token })).toMatchObject({
      status: 404,
      body: { code: 'session_not_found' },
    });
    expect(await ask(server, 'DELETE', `/auth/sessions/${id}/`, { token: first })).toMatchObject({ status: 204 });
    expect(await statusOf(third ?? '')).toBe(401);
    expect(await ask(server, 'DELETE', `/auth/sessions/${id}`, { token: first })).toMatchObject({ status: 404 });
    expect(await ask(server, 'DELETE', '/auth/sessions/', { token: first })).toMatchObject({ status: 204 });
    expect([await statusOf(first ?? ''), await statusOf(second ?? ''), await statusOf(person.token)]).toEqual([
      200, 401, 401,
    ]);
  });

  test('HT1 a changed password ends every other session; the old password is worth nothing', async () => {
    const person = await signUp(server);
    const other = await signIn(server, person.username, person.password);
    const group = await createGroup(server, person);
    const socket = await joinChat(server, group.id, other.access_token);
    const json = { current_password: person.password, new_password: 'another one' };
    expect(await ask(server, 'POST', '/auth/password', { token: person.token, json })).toMatchObject({ status: 204 });
    expect(await socket.closed).toMatchObject({ code: 4401 });
    expect([await statusOf(person.token), await statusOf(other.access_token)]).toEqual([200, 401]);
    const old = await ask(server, 'POST', '/auth/token', {
      form: { username: person.username, password: person.password },
    });
    expect(old.status).toBe(401);
    await signIn(server, person.username, 'another one');
    const wrong = await ask(server, 'POST', '/auth/password/', { token: person.token, json });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
  });
});
