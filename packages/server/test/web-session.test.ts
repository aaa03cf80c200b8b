import { WebSession } from '@beseda/protocol/web.ts';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, expectAnswer, signUp, type Answer, type Person } from '../testing/api-client.ts';
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

/** As the page of this server asks. */
function fromPage(cookie?: string): { origin: string; cookie?: string } {
  return { origin: server.url, ...(cookie === undefined ? {} : { cookie }) };
}

/** What a browser would send back of the cookie. */
function cookieOf({ headers }: Answer): string {
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function signIn(headers: Record<string, string> = fromPage()): Promise<Answer> {
  const json = { username: anna.username, password: anna.password };
  return ask(server, 'POST', '/auth/web/session', { headers, json });
}

async function refresh(cookie: string): Promise<Answer> {
  return ask(server, 'POST', '/auth/web/token', { headers: fromPage(cookie) });
}

describe('a session in a cookie', () => {
  test('the refresh token is in the cookie alone, which no script can read and no other site can use', async () => {
    const answer = await signIn();
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body as object).toSorted()).toEqual([
      'access_token',
      'expires_in',
      'token_type',
      'user_id',
    ]);
    const { port } = new URL(server.url);
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^__Host-beseda-${port}=[\\w-]{43}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Strict; Secure$`),
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['https://chat.example.org', '__Host-beseda', true],
    ['http://localhost:8000', '__Host-beseda-8000', true],
    ['http://chat.lan:8000', 'beseda-8000', false],
  ])('at %s the cookie is %s', async (origin, name, secure) => {
    // Programs in front of the server name the host that the browser has asked for.
    const { body, status, cookie } = await rawSignIn(origin);
    expect({ status, body }).toMatchObject({ status: 200 });
    expect(cookie.split('=')[0]).toBe(name);
    expect(cookie.endsWith('; Secure')).toBe(secure);
  });

  test('it goes on with the cookie, which is another each time', async () => {
    const first = await signIn();
    const second = await refresh(cookieOf(first));
    const { user_id: userId, access_token: token } = await expectAnswer(Promise.resolve(second), 200, WebSession);
    expect(userId).toBe(anna.id);
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect((await ask(server, 'GET', '/users/me', { token })).status).toBe(200);
  });

  test('tabs that wake together may use one cookie; a minute later it is theft, and ends the session', async () => {
    const cookie = cookieOf(await signIn());
    const answers = await Promise.all([refresh(cookie), refresh(cookie), refresh(cookie)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const answer of answers) expect((await refresh(cookieOf(answer))).status).toBe(200);
    server.clock.advance(61);
    const late = await refresh(cookie);
    expect(late).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
    expect(late.headers.get('set-cookie')).toMatch(/=; .*Max-Age=0;/);
    const token = (answers[0]?.body as WebSession | undefined)?.access_token;
    expect((await ask(server, 'GET', '/users/me', { token })).status).toBe(401);
  });

  test('signing out ends the session and takes the cookie away, however often', async () => {
    const answer = await signIn();
    const { access_token: token } = answer.body as WebSession;
    for (let time = 0; time < 2; time += 1) {
      const out = await ask(server, 'DELETE', '/auth/web/session', { headers: fromPage(cookieOf(answer)) });
      expect(out.status).toBe(204);
      expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/);
    }
    expect((await ask(server, 'GET', '/users/me', { token })).status).toBe(401);
    expect((await refresh(cookieOf(answer))).status).toBe(401);
  });

  test('a token of the API is for one use all the same', async () => {
    const json = { grant_type: 'refresh_token', refresh_token: (await signUp(server)).refreshToken };
    expect((await ask(server, 'POST', '/auth/token', { json })).status).toBe(200);
    expect((await ask(server, 'POST', '/auth/token', { json })).status).toBe(401);
  });
});

describe('HT7 what reads a cookie answers its own origin alone', () => {
  test.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['whose name begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['without a name', { origin: 'null' }],
    ['of a file', { origin: 'file://' }],
  ])('a page %s is refused', async (_what, headers) => {
    const cookie = cookieOf(await signIn());
    for (const [method, path] of [
      ['POST', '/auth/web/token'],
      ['DELETE', '/auth/web/session'],
    ] as const) {
      const answer = await ask(server, method, path, { headers: { ...headers, cookie } });
      expect(answer).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await signIn({ ...headers })).status).toBe(403);
    expect((await refresh(cookie)).status).toBe(200);
  });

  test('a request that the browser calls cross-site is refused, whatever else it says', async () => {
    expect((await signIn({ ...fromPage(), 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await signIn({ ...fromPage(), 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('a cookie is worth nothing to the rest of the API', async () => {
    const cookie = cookieOf(await signIn());
    expect((await ask(server, 'GET', '/users/me', { headers: fromPage(cookie) })).status).toBe(401);
  });
});

/** With a Host of one's own, which `fetch` does not let one set. */
async function rawSignIn(origin: string): Promise<{ status: number; body: string; cookie: string }> {
  const body = JSON.stringify({ username: anna.username, password: anna.password });
  const headers = { origin, host: new URL(origin).host, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asking = request(`${server.url}/api/v1/auth/web/session`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text, cookie: response.headers['set-cookie']?.[0] ?? '' });
      });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
