import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, signUp } from '../../server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import { createClient } from '../src/client.ts';
import type { Fetch } from '../src/rest/ask.ts';
import { cookieSession } from '../src/rest/cookie-session.ts';
import { clientOf, tokensOf } from './people.testing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

describe('the API', () => {
  test('has a call for every endpoint of the server', async () => {
    const person = await signUp(server);
    const asked = new Set<string>();
    const fetch: Fetch = async (url, { method }) => {
      asked.add(`${method} ${new URL(url).pathname.replace('/api/v1', '')}`);
      return { status: 503, text: async () => '' };
    };
    const client = createClient({ url: server.url, tokens: await tokensOf(person), fetch });
    // Whatever they are called with: it is the address that counts here.
    for (const calls of Object.values(client.api)) {
      for (const call of Object.values(calls))
        await (call as (...args: unknown[]) => Promise<unknown>)(1, 1, 1).catch(() => 0);
    }
    await client.signIn('somebody', 'password').catch(() => undefined);
    const who = { load: () => person.id, save: () => undefined };
    const onPage = createClient({ url: server.url, session: cookieSession(who), fetch });
    await onPage.signIn('somebody', 'password').catch(() => undefined);
    await onPage.api.account.get().catch(() => undefined);
    await onPage.signOut().catch(() => undefined);

    const { body } = await ask(server, 'GET', '/openapi.json');
    const endpoints = Object.entries(Object(body).paths).flatMap(([path, methods]) =>
      Object.keys(Object(methods)).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    const lacking = endpoints.filter((endpoint) => {
      const [method = '', path = ''] = endpoint.split(' ');
      const fits = new RegExp(`^${method} ${path.replaceAll(/\{\w+\}/g, '1').replace(/\/$/, '/?')}$`);
      return path.startsWith('/') && ![...asked].some((one) => fits.test(one)) && isOfTheApi(endpoint);
    });
    expect(endpoints.filter(isOfTheApi).length).toBeGreaterThan(30);
    expect(lacking).toEqual([]);
  });

  test('HT3 a refusal is an error with the problem that the server told', async () => {
    const client = await clientOf(server, await signUp(server));
    await expect(client.api.chats.get(999)).rejects.toMatchObject({
      name: 'ApiError',
      code: 'chat_not_found',
      retry: false,
      problem: { status: 404, title: 'No such chat' },
    });
    await expect(client.api.groups.create({ name: '' })).rejects.toMatchObject({
      problem: { status: 422, errors: [{ loc: ['body', 'name'] }] },
    });
  });

  test('an answer of something else than a Beseda server is told as that', async () => {
    const person = await signUp(server);
    const client = await clientOf(server, person, {
      fetch: async () => ({ status: 200, text: async () => '<html>Sign in to the hotel</html>' }),
    });
    await expect(client.api.chats.list()).rejects.toMatchObject({ code: 'unexpected_answer' });
    const gateway = await clientOf(server, person, {
      fetch: async () => ({ status: 502, text: async () => 'Bad gateway' }),
    });
    await expect(gateway.api.chats.list()).rejects.toMatchObject({
      code: 'unexpected_answer',
      problem: { status: 502 },
    });
    await expect(createClient({ url: 'http://127.0.0.1:1' }).signIn('a', 'b')).rejects.toMatchObject({
      code: 'unreachable',
      retry: true,
    });
  });
});

/** Health, metrics and documents are the operator's; the bytes of files are read by their links. */
function isOfTheApi(endpoint: string): boolean {
  return !/ \/(healthz|readyz|metrics|docs|openapi\.json|asyncapi\.json|files\/\{file_id\}\/)/.test(endpoint);
}
