import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ServerConfig } from '@beseda/protocol/web.ts';
import { createTestData } from '../src/domain/test-data.ts';
import { ask, expectAnswer } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beseda-web-files-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Beseda</title>');
  await writeFile(join(folder, 'assets', 'index-abc.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'index-abc.js.gz'), gzipSync('export {};'));
  await writeFile(join(folder, 'service-worker.js'), 'void 0;');
  await writeFile(join(folder, '.stamp'), 'a secret of the build');
  server = await startTestServer({}, undefined, folder);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, { headers, redirect: 'manual' });
}

describe('the page', () => {
  test.each(['/', '/c/5', '/c/5/123', '/c/nowhere'])('%s is the client, asked for anew each time', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<title>Beseda</title>');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  test('ASVS 3.4.3 runs its own files alone, and makes no script from text', async () => {
    const { headers } = await get('/');
    const policy = headers.get('content-security-policy') ?? '';
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types service-worker highlighter',
    ]) {
      expect(policy.split('; ')).toContain(directive);
    }
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('addresses of the API are never the client', async () => {
    for (const path of ['/api', '/api/v1', '/api/v1/nowhere', '/nowhere', '/c']) {
      const answer = await get(path);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });
});

describe('its files', () => {
  test('are kept by browsers for ever, and leave compressed for those who take that', async () => {
    const plain = await get('/assets/index-abc.js', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(plain.headers.get('content-encoding')).toBeNull();
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'gzip'],
      ['br', null],
      ['gzip;q=0', null],
    ] as const) {
      const answer = await get('/assets/index-abc.js', { 'accept-encoding': accepted });
      expect([accepted, answer.headers.get('content-encoding')]).toEqual([accepted, encoding]);
      expect(await answer.text()).toBe('export {};');
      expect(answer.headers.get('vary')).toBe('accept-encoding');
    }
  });

  test('others in the folder, and outside of it, are not there', async () => {
    for (const path of [
      '/.stamp',
      '/assets/.stamp',
      '/assets/index-abc.js.gz',
      '/assets/..%2findex.html',
      '/assets/..%2f..%2fetc%2fpasswd',
      '/assets/nowhere.js',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('the service worker is asked for anew each time, and may fetch from its own server alone', async () => {
    const { status, headers } = await get('/service-worker.js');
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'no-cache',
    ]);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
    );
  });

  test('a build that happens meanwhile is served from the next visit on', async () => {
    await writeFile(join(folder, 'assets', 'index-def.js'), 'export const newer = 1;');
    await rm(join(folder, 'index.html'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Beseda, newer</title>');
    expect(await (await get('/')).text()).toContain('newer');
    expect((await get('/assets/index-def.js')).status).toBe(200);
  });
});

test('without a built client the documentation is at /', async () => {
  const bare = await startTestServer();
  const answer = await fetch(`${bare.url}/`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
  await bare.stop();
});

describe('GET /config', () => {
  test('offers the test users where there are some, and never in production', async () => {
    expect(await expectAnswer(ask(server, 'GET', '/config'), 200, ServerConfig)).toMatchObject({ test_users: [] });
    await createTestData(server.db, server.clock.now());
    const { test_users: users } = await expectAnswer(ask(server, 'GET', '/config'), 200, ServerConfig);
    expect(users.map(({ username }) => username)).toEqual(['user1', 'user2', 'user3', 'user4', 'user5']);
    const production = await startTestServer({ production: true });
    await createTestData(production.db, production.clock.now());
    expect((await ask(production, 'GET', '/config')).body).toMatchObject({ test_users: [] });
    await production.stop();
  });
});
