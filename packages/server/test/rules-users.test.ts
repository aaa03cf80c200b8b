import { Account, User } from '@beseda/protocol/users.ts';
import { Message } from '@beseda/protocol/messages.ts';
import fc from 'fast-check';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, signIn, signUp, type Person } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
});
afterAll(async () => {
  await server.stop();
});

async function find(query: string, more = ''): Promise<User[]> {
  const path = `/users/?query=${encodeURIComponent(query)}${more}`;
  return expectAnswer(ask(server, 'GET', path, { token: anna.token }), 200, Type.Array(User));
}

async function register(username: string) {
  const json = { username, email: `${Math.random()}@example.com`, password: 'password123' };
  return ask(server, 'POST', '/auth/register', { json });
}

describe('HT1 the account', () => {
  test.each(['/users/me', '/users/me/'])('HT1 GET and PATCH %s: the account as its owner sees it', async (path) => {
    const person = await signUp(server);
    const account = await expectAnswer(ask(server, 'GET', path, { token: person.token }), 200, Account);
    expect(account).toEqual({
      id: person.id,
      username: person.username,
      email: `${person.username}@example.com`,
      display_name: null,
      locale: null,
      last_seen_visible: true,
      created_at: server.clock.now().toISOString(),
    });
    const patch = async (json: object) => ask(server, 'PATCH', path, { token: person.token, json });
    expect((await patch({ display_name: ' Анна ' })).body).toEqual({ ...account, display_name: 'Анна' });
    expect((await patch({ locale: 'ru' })).body).toEqual({ ...account, display_name: 'Анна', locale: 'ru' });
    expect((await patch({ display_name: null, username: 'x', id: 1 })).body).toEqual({ ...account, locale: 'ru' });
    expect((await patch({ last_seen_visible: false })).body).toEqual({
      ...account,
      locale: 'ru',
      last_seen_visible: false,
    });
    for (const json of [
      { display_name: '' },
      { display_name: 'a\u202Eb' },
      { locale: 'nonsense!' },
      { locale: 5 },
      { last_seen_visible: null },
    ]) {
      expect(await patch(json)).toMatchObject({ status: 422 });
    }
  });

  test.each(['', '/'])('HT1 GET /users/{id}%s tells what everyone may know', async (slash) => {
    const { body } = await ask(server, 'GET', `/users/${anna.id}${slash}`, { token: (await signUp(server)).token });
    expect(body).toEqual({
      id: anna.id,
      username: anna.username,
      display_name: null,
      online: false,
      last_seen_at: null,
    });
    expect(await ask(server, 'GET', '/users/999999', { token: anna.token })).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
  });
});

describe('HT1 finding people', () => {
  test('HT1 by the start of username or display name, in any case, sorted by username, once each', async () => {
    const names = ['Zoë', 'zoran', 'ZOLA', 'azoth'];
    for (const name of names) expect(await register(name)).toMatchObject({ status: 201 });
    const { access_token: token } = await signIn(server, 'azoth', 'password123');
    await ask(server, 'PATCH', '/users/me', { token, json: { display_name: 'Zoltán' } });
    expect((await find('zo')).map(({ username }) => username)).toEqual(['azoth', 'ZOLA', 'zoran', 'Zoë']);
    expect((await find('ZO', '&limit=2')).map(({ username }) => username)).toEqual(['azoth', 'ZOLA']);
    expect((await find('zol')).map(({ username }) => username)).toEqual(['azoth', 'ZOLA']);
    expect((await find('ｚｏë')).map(({ username }) => username)).toEqual(['Zoë']);
  });

  test('HT1 signs with a meaning in patterns stand for themselves; blanks find nobody', async () => {
    await register('100%_sure');
    expect((await find('100%_')).map(({ username }) => username)).toEqual(['100%_sure']);
    for (const query of ['%', '_', '\\', '*', ' ', '\u{10FFFF}']) expect(await find(query)).toEqual([]);
  });
});

describe('HT3 what text may be', () => {
  let groupId: number;
  beforeAll(async () => {
    groupId = (await createGroup(server, anna)).id;
  });
  const send = async (text: unknown) =>
    ask(server, 'POST', `/messages/${groupId}/send`, { token: anna.token, json: { text } });

  test('HT3 a message has 1 to 4,096 characters after trimming, however many bytes or units they take', async () => {
    for (const text of ['x', 'x'.repeat(4096), '👍'.repeat(4096), `  ${'я'.repeat(4096)}\n\n`]) {
      const message = await expectAnswer(send(text), 201, Message);
      expect(message.text).toBe(text.trim());
    }
    for (const text of ['', '   ', '\n\t\u00a0', 'x'.repeat(4097), '👍'.repeat(4097), 5, null, ['x'], undefined]) {
      expect(await send(text)).toMatchObject({ status: 422, body: { errors: [{ loc: ['body', 'text'] }] } });
    }
  });

  test('HT3 NUL and halves of surrogate pairs are refused, wherever they stand', async () => {
    for (const text of ['a\0b', '\uD800', 'a\uDC00b', '\uDE00\uD83D']) {
      expect(await send(text)).toMatchObject({ status: 422, body: { errors: [{ loc: ['body', 'text'] }] } });
      const json = { name: text };
      expect(await ask(server, 'POST', '/groups/', { token: anna.token, json })).toMatchObject({ status: 422 });
      expect(await register(`ab${text}cd`)).toMatchObject({ status: 422 });
    }
  });

  test('HT3 any Unicode text comes back from history as it was sent, but for blanks around it', async () => {
    const texts = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 50 })
      .filter((text) => text.trim() !== '' && !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const sent = await expectAnswer(send(text), 201, Message);
        const path = `/messages/history/${groupId}?limit=1`;
        const { body } = await ask(server, 'GET', path, { token: anna.token });
        expect(sent.text).toBe(text.trim());
        expect(body).toEqual([sent]);
      }),
      { numRuns: 100 },
    );
  });

  test('HT3 a username has 3 to 50 visible characters; a password 6 to 256, none cut off', async () => {
    for (const username of ['ab', '  ab  ', 'x'.repeat(51), 'a\u200Bbc', 'a\nbc', '\u202Eabc']) {
      expect(await register(username)).toMatchObject({ status: 422 });
    }
    for (const username of ['abc', '你好吗', 'ы'.repeat(50)])
      expect(await register(username)).toMatchObject({ status: 201 });
    const json = { username: 'longpassword', email: 'long@example.com', password: 'пароль'.repeat(42) };
    expect(await ask(server, 'POST', '/auth/register', { json })).toMatchObject({ status: 201 });
    await signIn(server, json.username, json.password);
    const cut = { username: json.username, password: json.password.slice(0, -1) };
    expect(await ask(server, 'POST', '/auth/token', { form: cut })).toMatchObject({ status: 401 });
    for (const password of ['12345', 'x'.repeat(257)]) {
      const asking = { json: { username: 'another', email: 'a@example.com', password } };
      expect(await ask(server, 'POST', '/auth/register', asking)).toMatchObject({ status: 422 });
    }
  });
});
