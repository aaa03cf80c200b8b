import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, createGroup, sendText, signUp } from '../testing/api-client.ts';
import { runBeseda } from '../testing/beseda-process.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { startTestServer } from '../testing/test-server.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('metrics', () => {
  test('are given to who has the token, and count what happens', async () => {
    const server = await startTestServer({ metricsToken: 'a token for the scraper' });
    const anna = await signUp(server, 'anna');
    const group = await createGroup(server, anna);
    const socket = await joinChat(server, group.id, anna.token);
    const metrics = await ask(server, 'GET', '/metrics', { token: 'a token for the scraper' });
    expect(metrics.status).toBe(200);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(metrics.body).toMatch(/^beseda_sockets 1$/m);
    expect(metrics.body).toMatch(
      /beseda_http_request_duration_seconds_count\{[^}]*route="\/api\/v1\/groups\/"[^}]*\} 1/,
    );
    expect(metrics.body).toMatch(/^process_resident_memory_bytes /m);
    // Names of people, chats and tokens have no place in labels.
    expect(metrics.body).not.toContain('anna');
    expect((await ask(server, 'GET', '/metrics', { token: 'another' })).status).toBe(401);
    socket.close();
    await server.stop();
  });

  test('are off where no token is set, and say how to turn them on', async () => {
    const server = await startTestServer();
    const answer = await ask(server, 'GET', '/metrics');
    expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringMatching(/METRICS_TOKEN/) } });
    await server.stop();
  });

  test('have a port of their own where one is set', async () => {
    const port = await freePort();
    const server = await startTestServer({ metricsPort: port });
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(await response.text()).toMatch(/^beseda_sockets 0$/m);
    await server.stop();
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
  });
});

describe('stopping', () => {
  test('a request under way is answered, and new connections are refused', async () => {
    const server = await startTestServer();
    const anna = await signUp(server, 'anna');
    const group = await createGroup(server, anna);
    // The server has begun to read this request when it is asked to stop, and gets the rest of it after.
    const body = JSON.stringify({ text: 'under way' });
    const sending = request(`${server.url}/api/v1/messages/${group.id}/send`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${anna.token}`,
        'content-type': 'application/json',
        'content-length': body.length,
        expect: '100-continue',
      },
    });
    const answered = once(sending, 'response');
    sending.flushHeaders();
    await once(sending, 'continue');
    const stopped = server.stop();
    sending.end(body);
    const [response] = await answered;
    expect(response).toMatchObject({ statusCode: 201 });
    await stopped;
    await expect(ask(server, 'GET', '/healthz')).rejects.toThrow('fetch failed');
  });
});

describe('the database dies under a running server', () => {
  test('requests are refused with 503, then go on by themselves; nothing acknowledged is lost', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'beseda-operation-'));
    const child = runBeseda(['start'], { PORT: '0', HOST: '127.0.0.1', RATE_LIMITS: 'off' }, directory);
    const server = { url: await child.address() };
    const anna = await signUp(server, 'anna');
    const group = await createGroup(server, anna);
    const socket = await joinChat(server, group.id, anna.token);
    const before = await sendText(server, anna, group.id, 'before');
    await socket.next((frame) => frame['id'] === before.id);

    const statuses = new Set<number>();
    const again = async (): Promise<number> => {
      const json = { text: 'after', client_id: '7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11' };
      const { status } = await ask(server, 'POST', `/messages/${group.id}/send`, { token: anna.token, json });
      statuses.add(status);
      return status;
    };
    // Under load, so that connections break while they are in use.
    const load = Array.from({ length: 32 }, async () => {
      statuses.add((await ask(server, 'GET', `/chats/${group.id}`, { token: anna.token })).status);
    });
    const [pid] = (await readFile(join(directory, 'data/postgres/postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await Promise.all(load);
    await expect.poll(again, { timeout: 20_000 }).toBe(201);
    expect([...statuses].filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    expect((await ask(server, 'GET', '/readyz')).status).toBe(200);

    // The socket has lived through it, and hears the message once.
    expect(await socket.next((frame) => frame['text'] === 'after')).toMatchObject({ id: 2 });
    const history = await ask(server, 'GET', `/messages/history/${group.id}`, { token: anna.token });
    expect(history.body).toMatchObject([{ text: 'after' }, { text: 'before' }]);
    expect(history.body).toHaveLength(2);
    child.signal('SIGTERM');
    expect(await child.ended).toBe(0);
    await rm(directory, { recursive: true, force: true });
  });
});
