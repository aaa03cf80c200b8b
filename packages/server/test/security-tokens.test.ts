import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configWarnings, readConfig } from '../src/config.ts';
import { installationSecret } from '../src/secret-key.ts';
import { ask, createGroup, sendText, signIn, signUp, type Answer, type Person } from '../testing/api-client.ts';
import { connectToChat, joinChat } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let groupId: number;

beforeAll(async () => {
  server = await startTestServer();
  [anna, boris] = await Promise.all([signUp(server, 'anna'), signUp(server, 'boris')]);
  groupId = (await createGroup(server, anna)).id;
});
afterAll(async () => {
  await server.stop();
});

/** One line as it stands, over a connection of its own; all that is answered until the server ends it. */
async function sendBytes(text: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    let answer = '';
    const stream = connect(Number(port), hostname, () => stream.write(text));
    stream.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    stream.on('error', () => {});
    stream.on('close', () => resolve(answer));
  });
}

interface Parts {
  header?: object;
  payload?: object;
  key?: string;
  hash?: string;
}

function claims(): Record<string, unknown> {
  const [, payload = ''] = anna.token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token made by hand, which differs from a good one in what is given. */
function made({ header = {}, payload = {}, key = server.secret, hash = 'sha256' }: Parts): string {
  const body = `${encoded({ alg: 'HS256', typ: 'at+jwt', ...header })}.${encoded({ ...claims(), ...payload })}`;
  return `${body}.${createHmac(hash, key).update(body).digest('base64url')}`;
}

/** What becomes of a token over HTTP and on the socket. */
async function fate(token: string): Promise<{ status: number; challenge: boolean; code: number; frames: number }> {
  const answer = await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } });
  const socket = await connectToChat(server, groupId, token);
  const { code } = await socket.closed;
  const challenge = answer.headers.get('www-authenticate')?.startsWith('Bearer ') === true;
  return { status: answer.status, challenge, code, frames: socket.frames.length };
}

const REFUSED = { status: 401, challenge: true, code: 1008, frames: 0 };

describe('case 29: only a token of this server, as this server makes them', () => {
  test('a token made by hand as the server makes it is accepted: the refusals below are for what they name', async () => {
    expect((await ask(server, 'GET', '/users/me', { token: made({}) })).status).toBe(200);
    (await joinChat(server, groupId, made({}))).close();
  });

  test('another algorithm, another key', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const asRsa = await new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(rsa.privateKey);
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const [header = '', payload = '', signature = ''] = made({}).split('.');
    const none = (alg: string): string => `${encoded({ alg, typ: 'at+jwt' })}.${payload}.`;
    const tokens: Record<string, string> = {
      'alg none': none('none'),
      'alg None': none('None'),
      'alg NONE': none('NONE'),
      'alg none with the signature': `${none('none')}${signature}`,
      'alg empty': none(''),
      'no signature': `${header}.${payload}.`,
      'no third part': `${header}.${payload}`,
      RS256: asRsa,
      'RS256 in the header over an HMAC': made({ header: { alg: 'RS256' } }),
      'HS256 by the public key': made({ key: pem }),
      HS512: made({ header: { alg: 'HS512' }, hash: 'sha512' }),
      HS384: made({ header: { alg: 'HS384' }, hash: 'sha384' }),
      'another secret': made({ key: 'another secret, just as long as the right one is' }),
      'empty secret': made({ key: '' }),
      'a key in the header': made({ header: { jwk: { kty: 'oct', k: 'YQ' } }, key: 'a' }),
      'a key from elsewhere': made({ header: { jku: `${server.url}/openapi.json`, kid: '../../dev/null' }, key: '' }),
      'an extension that must be understood': made({ header: { crit: ['x'], x: 1 } }),
      'another payload under the signature': `${header}.${encoded({ ...claims(), sub: String(boris.id) })}.${signature}`,
    };
    for (const [what, token] of Object.entries(tokens))
      expect({ what, ...(await fate(token)) }).toEqual({ what, ...REFUSED });
  });

  test('another kind, audience, subject, session or time', async () => {
    const now = Math.floor(server.clock.now().getTime() / 1000);
    const { body } = await ask(server, 'GET', '/auth/sessions', { token: boris.token });
    const [his] = (body as { sessions: { id: string }[] }).sessions;
    const cases: Record<string, Parts> = {
      'typ JWT': { header: { typ: 'JWT' } },
      'no typ': { header: { typ: undefined } },
      'aud other': { payload: { aud: 'other' } },
      'no aud': { payload: { aud: undefined } },
      'another user': { payload: { sub: String(boris.id) } },
      'another user’s session': { payload: { sid: his?.id } },
      'no sub': { payload: { sub: undefined } },
      'sub 0': { payload: { sub: '0' } },
      'sub negative': { payload: { sub: '-1' } },
      'sub too large': { payload: { sub: '9007199254740993' } },
      'sub not a number': { payload: { sub: 'x' } },
      'sub of another type': { payload: { sub: [String(anna.id)] } },
      'sid of another type': { payload: { sid: { $ne: 1 } } },
      'sid no session': { payload: { sid: '0e0f4b52-65a1-4a44-8f1e-6f4f1d9a3b77' } },
      'sid no uuid': { payload: { sid: 'x' } },
      'sid as a URN': { payload: { sid: `urn:uuid:${String(claims()['sid'])}` } },
      'no sid': { payload: { sid: undefined } },
      expired: { payload: { exp: now } },
      'no exp': { payload: { exp: undefined } },
      'exp no number': { payload: { exp: 'never' } },
      'not yet': { payload: { nbf: now + 60 } },
    };
    for (const [what, parts] of Object.entries(cases)) {
      expect({ what, ...(await fate(made(parts))) }).toEqual({ what, ...REFUSED });
    }
  });

  test('no token at all, in many ways', async () => {
    const good = anna.token;
    const authorizations = [
      '',
      'Bearer',
      `Bearer  ${good}`,
      `Bearer ${good} x`,
      `Bearer ${good}, Bearer ${good}`,
      `Bearer "${good}"`,
      `Bearer ${good}=`,
      `Basic ${good}`,
      `Token ${good}`,
      good,
      `Bearer ${anna.refreshToken}`,
      `Bearer ${'a'.repeat(12_000)}`,
      `Bearer ${'.'.repeat(5000)}`,
      `Bearer ${'eyJhbGciOiJIUzI1NiJ9.'.repeat(300)}`,
      `Bearer ${good.replaceAll('.', '..')}`,
    ];
    for (const authorization of authorizations) {
      const { status } = await ask(server, 'GET', '/users/me', { headers: { authorization } });
      expect(`${authorization.slice(0, 40)}: ${status}`).toBe(`${authorization.slice(0, 40)}: 401`);
    }
    const tokens = ['', ' ', `${good} `, ` ${good}`, `${good}\n`, `${good}\0`, `Bearer ${good}`, 'x'.repeat(10_000)];
    for (const token of [...tokens, anna.refreshToken]) {
      const socket = await connectToChat(server, groupId, token);
      expect((await socket.closed).code).toBe(1008);
    }
    // RFC 9110, section 11.1: the name of the scheme is read without regard to case.
    expect((await ask(server, 'GET', '/users/me', { headers: { authorization: `bearer ${good}` } })).status).toBe(200);
  });

  test('a token of another installation', async () => {
    const other = await startTestServer();
    const stranger = await signUp(other, 'stranger');
    // Under the same secret, even: there is no such session.
    expect(await fate(stranger.token)).toEqual(REFUSED);
    await other.stop();
  });
});

describe('case 16: a token in an address opens the door of a chat and nothing else', () => {
  test('on no route of the API, under no name', async () => {
    const { body } = await ask(server, 'GET', '/openapi.json');
    const { paths } = body as { paths: Record<string, object> };
    for (const path of Object.keys(paths).filter(
      // Those that no bearer token opens: to sign in, by the page's cookie too, and what the page must know before that.
      (name) => name.startsWith('/api/v1/') && !/register|token|auth\/web|config/.test(name),
    )) {
      const address = path
        .replaceAll(/\{session_id\}/g, '0e0f4b52-65a1-4a44-8f1e-6f4f1d9a3b77')
        .replaceAll(/\{\w+\}/g, '1');
      for (const name of ['token', 'access_token', 'authorization', 'Authorization', 'bearer_token', 'jwt']) {
        for (const method of Object.keys(paths[path] ?? {})) {
          const { status } = await ask(server, method.toUpperCase(), `${address}?${name}=${anna.token}`);
          expect(`${method} ${address} ${name}: ${status}`).toBe(`${method} ${address} ${name}: 401`);
        }
      }
    }
  });

  test('and there only under its own name', async () => {
    for (const address of [`${groupId}?access_token=${anna.token}`, `${groupId}?Token=${anna.token}`, `${groupId}?`]) {
      const socket = await connectToChat(server, `${address}&`, '');
      expect((await socket.closed).code).toBe(1008);
    }
  });
});

describe('case 17: no token, password or secret is in the logs', () => {
  test('a run of everything at trace level, what fails included', async () => {
    const secrets = [
      'canary-password-1',
      'canary-password-2',
      'canary-wrong-guess',
      'canary-made-up-token',
      server.secret,
    ];
    const json = { username: 'canary', email: 'canary@example.com', password: 'canary-password-1' };
    expect((await ask(server, 'POST', '/auth/register', { json })).status).toBe(201);
    const first = await signIn(server, 'canary', 'canary-password-1');
    const refreshed = await ask(server, 'POST', '/auth/token', {
      json: { grant_type: 'refresh_token', refresh_token: first.refresh_token },
    });
    const tokens = refreshed.body as { access_token: string; refresh_token: string };
    secrets.push(first.access_token, first.refresh_token, tokens.access_token, tokens.refresh_token);
    const token = tokens.access_token;
    const { body } = await ask(server, 'POST', '/groups/', { token, json: { name: 'Canaries' } });
    const { id } = body as { id: number };
    const socket = await joinChat(server, id, token);
    socket.send({ type: 'message', text: 'x', token });
    socket.sendRaw(`{"type":"message","token":"${token}`);
    socket.sendRaw(Buffer.from(token));
    for (let frame = 0; frame < 2; frame += 1) await socket.next(({ type }) => type === 'error');

    // What goes wrong, with a secret in it wherever one can be.
    const answers: Answer[] = [];
    const fail = async (method: string, path: string, asking = {}): Promise<void> => {
      answers.push(await ask(server, method, path, asking));
    };
    await fail('POST', '/auth/token', { json: { username: 'canary', password: 'canary-wrong-guess' } });
    await fail('POST', '/auth/token', { form: { username: 'canary', password: 'canary-wrong-guess' } });
    await fail('POST', '/auth/token', { json: { username: 'canary', password: ['canary-wrong-guess'] } });
    await fail('POST', '/auth/token', {
      raw: '{"password":"canary-wrong-guess"',
      headers: { 'content-type': 'application/json' },
    });
    await fail('POST', '/auth/token', { raw: 'canary-wrong-guess', headers: { 'content-type': 'text/plain' } });
    await fail('POST', '/auth/register', { json: { ...json, username: 'other' } });
    await fail('POST', '/auth/register', { json: { ...json, username: '' } });
    await fail('POST', '/auth/password', {
      token,
      json: { current_password: 'canary-wrong-guess', new_password: 'canary-password-2' },
    });
    await fail('GET', '/users/me', { token: 'canary-made-up-token' });
    await fail('GET', '/users/me', {
      headers: { authorization: 'Bearer canary-made-up-token x', cookie: `t=${token}` },
    });
    for (const path of ['/users/me', '/nowhere', `/chats/${id}`, '/users/%zz', '/chats/x', '/auth/token']) {
      await fail('GET', `${path}?token=${token}&password=canary-wrong-guess`);
    }
    await fail('GET', `/openapi.json/nowhere?token=${token}`);
    await fail('POST', `/messages/${id}/send?token=${token}`, { token, raw: new Uint8Array(70_000) });
    expect(answers.every(({ status }) => status >= 400 && status < 500)).toBe(true);

    // Doors that do not open, and requests that are none.
    for (const bad of ['canary-made-up-token', `${token}x`]) await (await connectToChat(server, id, bad)).closed;
    await fetch(`${server.url}/ws/${id}?token=${token}`);
    const upgrade = 'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
    await sendBytes(`GET /ws/${id}?token=${token} HTTP/1.1\r\n${upgrade}\r\n`);
    await sendBytes(`GET /ws/nowhere?token=${token} HTTP/1.1\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`);
    await sendBytes(`GET /ws/${id}?token=${token} HTTP/1.1\r\nbad header\r\n\r\n`);
    await sendBytes(`GET / HTTP/1.1\r\nAuthorization: Bearer ${token}\r\nbad header\r\n\r\n`);
    await sendBytes(`GET / HTTP/1.1\r\nAuthorization: Bearer ${token}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);

    const change = { current_password: 'canary-password-1', new_password: 'canary-password-2' };
    expect((await ask(server, 'POST', '/auth/password', { token, json: change })).status).toBe(204);
    // A refresh token used twice is the event that is logged with the most around it.
    await ask(server, 'POST', '/auth/token', {
      json: { grant_type: 'refresh_token', refresh_token: first.refresh_token },
    });
    await socket.closed;

    const users = await server.db.selectFrom('users').select('password_hash').execute();
    secrets.push(...users.map((user) => user.password_hash));
    const logs = server.logs();
    expect(logs).toContain('refresh_token_reused');
    // Bytes that are logged as numbers are no less readable.
    expect(logs).not.toContain('"type":"Buffer"');
    for (const secret of secrets) expect(logs.split('\n').filter((line) => line.includes(secret))).toEqual([]);
  });

  test('what fails inside, with the tables gone', async () => {
    const broken = await startTestServer();
    const person = await signUp(broken, 'broken');
    const { id } = await createGroup(broken, person);
    await sendText(broken, person, id, 'whole');
    const socket = await joinChat(broken, id, person.token);
    await broken.db.schema.dropTable('messages').cascade().execute();
    const failures = [
      await ask(broken, 'GET', `/messages/history/${id}?token=${person.token}`, { token: person.token }),
      await ask(broken, 'POST', `/messages/${id}/send`, { token: person.token, json: { text: 'x' } }),
    ];
    socket.send({ type: 'message', text: 'x', token: person.token, ref: 'r' });
    const frame = await socket.next();
    await broken.db.schema.dropTable('refresh_tokens').execute();
    const credentials = { username: person.username, password: person.password };
    failures.push(await ask(broken, 'POST', '/auth/token', { form: credentials }));
    const refreshing = { grant_type: 'refresh_token', refresh_token: person.refreshToken };
    failures.push(await ask(broken, 'POST', '/auth/token', { json: refreshing }));
    expect(frame).toMatchObject({ type: 'error', code: 'internal', ref: 'r' });
    for (const { status, body } of failures) {
      expect(status).toBe(500);
      // Nor does the answer say what there is inside.
      expect(JSON.stringify(body)).not.toMatch(/relation|refresh_tokens|select|insert|\.ts/i);
    }
    const logs = broken.logs();
    expect(logs).toContain('relation');
    for (const secret of [person.token, person.refreshToken, person.password]) expect(logs).not.toContain(secret);
    await broken.stop();
  });

  test('a line break in an input makes no line in the log', async () => {
    await ask(server, 'GET', '/users/?query=%0A%7B%22level%22%3A%22fatal%22%7D', { token: anna.token });
    await ask(server, 'GET', '/%0A%7B%22level%22%3A%22fatal%22%7D');
    const lines = server.logs().trimEnd().split('\n');
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(lines.filter((line) => line.startsWith('{"level":"fatal"'))).toEqual([]);
  });
});

async function rights(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('case 28: nobody can know the secret of an installation', () => {
  test('two installations make different ones, for their owner’s eyes, and keep them', async () => {
    const folders = await Promise.all([1, 2].map(async () => mkdtemp(join(tmpdir(), 'beseda-secret-'))));
    const secrets = [];
    for (const folder of folders) {
      const secret = await installationSecret(join(folder, 'data'));
      secrets.push(secret);
      expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(32);
      expect(await installationSecret(join(folder, 'data'))).toBe(secret);
      // Windows has other rights than these.
      const actual = [await rights(join(folder, 'data', 'secret.key')), await rights(join(folder, 'data'))];
      expect(process.platform === 'win32' ? [0o600, 0o700] : actual).toEqual([0o600, 0o700]);
    }
    expect(secrets[0]).not.toBe(secrets[1]);
    await Promise.all(folders.map(async (folder) => rm(folder, { recursive: true })));
  });

  test('several processes that start at once agree on one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'beseda-secret-'));
    const secrets = await Promise.all(Array.from({ length: 20 }, async () => installationSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    await rm(folder, { recursive: true });
  });

  test('a file that holds no key is not taken for one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'beseda-secret-'));
    for (const content of ['', '\n', 'short', ' '.repeat(100)]) {
      await writeFile(join(folder, 'secret.key'), content);
      await expect(installationSecret(folder)).rejects.toThrow(/holds no usable key/);
      expect(await readFile(join(folder, 'secret.key'), 'utf8')).toBe(content);
    }
    await rm(folder, { recursive: true });
  });

  test.each(['', '   ', 'secret', 'SECRET', 'your-secret-key-here', ' changeme ', 'password', 'test'])(
    'SECRET_KEY=%j does not start in production, and is warned of else',
    (key) => {
      expect(() => readConfig({ NODE_ENV: 'production', SECRET_KEY: key }, '/')).toThrow(/^SECRET_KEY: is /);
      const config = readConfig({ SECRET_KEY: key }, '/');
      // A blank one is as none: a random one is made then.
      const blank = key.trim() === '';
      expect(config.secretKey).toBe(blank ? undefined : key);
      expect(configWarnings(config).join().includes('SECRET_KEY is a well-known value')).toBe(!blank);
    },
  );

  test('one that is long and random is taken as it is, without a word', () => {
    const key = 'kP3v1uN8QxY0bZ7sJ2mW5tL9rE4cH6aD';
    const config = readConfig({ NODE_ENV: 'production', SECRET_KEY: key }, '/');
    expect(config.secretKey).toBe(key);
    expect(configWarnings(config)).toEqual([]);
  });
});
