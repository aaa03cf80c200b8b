import { Problem } from '@beseda/protocol/errors.ts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, signUp, type Asking, type Person } from '../testing/api-client.ts';
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

async function refusal(method: string, path: string, asking: Asking = {}) {
  const { headers, body } = await ask(server, method, path, { token: anna.token, ...asking });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return { ...Value.Parse(Problem, body), headers };
}

describe('HT3 the other refusals', () => {
  test('HT3 no token, or a bad one, is a 401 with WWW-Authenticate, before any input is looked at', async () => {
    for (const authorization of ['', 'Basic dTpw', 'Bearer', 'Bearer ', 'Bearer nonsense', `Bearer ${anna.token}x`]) {
      for (const path of ['/users/me', '/chats/', '/groups/', '/messages/history/x', '/auth/sessions']) {
        const asking = { token: undefined, headers: authorization === '' ? {} : { authorization } };
        const { status, code, headers } = await refusal('GET', path, asking);
        expect([status, code, headers.get('www-authenticate')]).toEqual([
          401,
          'not_authenticated',
          'Bearer realm="beseda"',
        ]);
      }
    }
    const wrong = await refusal('POST', '/auth/token', { form: { username: 'nobody', password: 'x' } });
    expect(wrong.headers.get('www-authenticate')).toContain('invalid_grant');
  });

  test('HT3 an address that is none is a 404, one that cannot be decoded a 400', async () => {
    expect(await refusal('GET', '/nothing')).toMatchObject({ status: 404, code: 'not_found' });
    expect(await refusal('GET', '/chats/%zz')).toMatchObject({ status: 400, code: 'malformed_request' });
    expect(await refusal('GET', '/chats/%ff')).toMatchObject({ status: 400, code: 'malformed_request' });
  });

  test.each([
    ['DELETE', '/chats/', 'GET, HEAD, POST'],
    ['PUT', '/groups/5', 'GET, HEAD, PATCH'],
    ['GET', '/auth/logout/', 'POST'],
    ['GET', '/groups/5/members/6', 'POST, DELETE'],
    ['PROPFIND', '/auth/token', 'POST'],
  ])('HT3 %s %s is a 405 whose Allow says %s', async (method, path, allow) => {
    const { status, code, headers } = await refusal(method, path);
    expect([status, code, headers.get('allow')]).toEqual([405, 'method_not_allowed', allow]);
  });

  test('HT3 a body past 64 KiB is a 413, one of another kind a 415', async () => {
    const big = { name: 'x'.repeat(64 * 1024) };
    expect(await refusal('POST', '/groups/', { json: big })).toMatchObject({ status: 413, code: 'too_large' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'garbage']) {
      const asking = { raw: 'name=x', headers: { 'content-type': type } };
      expect(await refusal('POST', '/groups/', asking)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    }
  });

  test('HT3 a tenth wrong password is followed by a 429 with Retry-After; the right one waits too, then goes', async () => {
    const guarded = await startTestServer({ rateLimits: true });
    try {
      const person = await signUp(guarded);
      const attempt = async (password: string) =>
        ask(guarded, 'POST', '/auth/token', { form: { username: person.username, password } });
      for (let count = 0; count < 10; count += 1) expect((await attempt('wrong one')).status).toBe(401);
      const { status, headers, body } = await attempt(person.password);
      const { code, retry_after: retryAfter = 0 } = Value.Parse(Problem, body);
      expect([status, code, headers.get('retry-after')]).toEqual([429, 'too_many_requests', String(retryAfter)]);
      expect(retryAfter).toBeGreaterThan(0);
      guarded.clock.advance(retryAfter);
      expect((await attempt(person.password)).status).toBe(200);
    } finally {
      await guarded.stop();
    }
  });
});

describe('HT7 pages of any origin may call the API, without credentials', () => {
  test.each(['https://chat.example.org', 'http://localhost:3000', 'null'])(
    'HT7 %s reads answers and errors',
    async (origin) => {
      for (const [path, token] of [
        ['/users/me', anna.token],
        ['/users/me', undefined],
        ['/nothing', undefined],
      ] as const) {
        const { headers } = await ask(server, 'GET', path, { token, headers: { origin } });
        expect([null, '*']).toContain(headers.get('access-control-allow-origin')?.replace(origin, '*'));
        expect(headers.get('access-control-allow-origin')).not.toBeNull();
        expect(headers.get('access-control-allow-credentials')).toBeNull();
        expect(headers.get('access-control-expose-headers')?.toLowerCase()).toContain('retry-after');
      }
    },
  );

  test.each(['POST', 'PATCH', 'DELETE'])(
    'HT7 a preflight for %s allows the headers that the API takes',
    async (method) => {
      const { status, headers } = await ask(server, 'OPTIONS', '/groups/5', {
        headers: {
          origin: 'https://chat.example.org',
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type,idempotency-key',
        },
      });
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-methods')).toContain(method);
      const allowed = headers.get('access-control-allow-headers')?.toLowerCase();
      for (const name of ['authorization', 'content-type', 'idempotency-key']) expect(allowed).toContain(name);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    },
  );

  test('HT7 with CORS_ORIGINS only pages of those origins may', async () => {
    const strict = await startTestServer({ corsOrigins: ['https://chat.example.org'] });
    try {
      const allowed = async (origin: string) => {
        const { headers } = await ask(strict, 'GET', '/healthz', { headers: { origin } });
        return headers.get('access-control-allow-origin');
      };
      expect(await allowed('https://chat.example.org')).toBe('https://chat.example.org');
      for (const origin of ['https://evil.example', 'https://chat.example.org.evil.example', 'null']) {
        expect(await allowed(origin)).toBeNull();
      }
    } finally {
      await strict.stop();
    }
  });
});
