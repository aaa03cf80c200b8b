import { USER_SOCKETS } from '@beseda/protocol/limits.ts';
import { once } from 'node:events';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, createGroup, signUp, type Person } from '../testing/api-client.ts';
import { connectSocket, connectToChat, joinChat } from '../testing/chat-socket.ts';
import { connectToMain } from '../testing/main-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let chatId: number;

async function start(databasePoolSize = 10): Promise<void> {
  server = await startTestServer({ metricsToken: 'metrics', databasePoolSize });
  anna = await signUp(server, 'anna');
  chatId = (await createGroup(server, anna)).id;
}
afterEach(async () => {
  await server.stop();
});

/** Takes all connections of the pool until it is called. */
async function exhaustPool(size: number): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await Promise.all(
    Array.from({ length: size }, async () => {
      const taken = Promise.withResolvers<void>();
      void server.db.connection().execute(async () => {
        taken.resolve();
        await held.promise;
      });
      await taken.promise;
    }),
  );
  return held.resolve;
}

/** Has another process hold the lock of a chat until it is called. */
async function lockChat(id: number): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const transaction = server.db.transaction().execute(async (tx) => {
    await sql`SELECT 1 FROM chats WHERE id = ${id} FOR UPDATE`.execute(tx);
    locked.resolve();
    await held.promise;
  });
  await locked.promise;
  return async () => {
    held.resolve();
    await transaction;
  };
}

describe('a loop that turns too slowly', () => {
  test('WS16 refuses new sockets, syncs and what reads much, by 503 and 4503; sends and open sockets go on', async () => {
    await start();
    const main = await connectToMain(server, anna.token);
    const chat = await joinChat(server, chatId, anna.token);
    server.setLoopMs(500);

    const refused = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
    const [, response] = await once(refused, 'unexpected-response');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
    for (const path of ['/chats/', `/chats/${chatId}/changes?since=0`, `/messages/history/${chatId}`]) {
      const { status, headers, body } = await ask(server, 'GET', path, { token: anna.token });
      expect([status, headers.get('retry-after')]).toEqual([503, '2']);
      expect(body).toMatchObject({ code: 'unavailable', retry_after: 2 });
    }
    const json = { text: 'by HTTP' };
    const sent = await ask(server, 'POST', `/messages/${chatId}/send`, { token: anna.token, json });
    expect(sent.status).toBe(201);
    chat.send({ type: 'message', text: 'by socket', ref: 'sent' });
    expect(await chat.next(({ ref }) => ref === 'sent')).toMatchObject({ type: 'ack' });
    expect((await ask(server, 'GET', '/healthz')).status).toBe(200);
    const metrics = await ask(server, 'GET', '/metrics', { token: 'metrics' });
    expect(metrics.body).toMatch(/^beseda_loop_seconds 0\.5$/m);
    expect(metrics.body).toMatch(/^beseda_refused_total\{what="request"\} 3$/m);
    expect(metrics.body).toMatch(/^beseda_refused_total\{what="socket"\} 1$/m);
    main.send({ type: 'sync', since: {}, ref: 'sync' });
    expect(await main.next(({ ref }) => ref === 'sync')).toMatchObject({
      type: 'error',
      code: 'unavailable',
      retry_after: 2,
    });
    expect(await main.closed).toMatchObject({ code: 4503 });

    server.setLoopMs(0);
    const again = await connectToMain(server, anna.token);
    await again.sync();
    expect((await ask(server, 'GET', '/chats/', { token: anna.token })).status).toBe(200);
    again.close();
    chat.close();
  });
});

describe('a pool without a free connection', () => {
  test('WS16 what needs the database fails with 503 and `unavailable`; health, metrics and open sockets live', async () => {
    await start(3);
    const main = await connectToMain(server, anna.token);
    await main.sync();
    const release = await exhaustPool(3);

    const reading = ask(server, 'GET', `/messages/history/${chatId}`, { token: anna.token });
    const sending = ask(server, 'POST', `/messages/${chatId}/send`, { token: anna.token, json: { text: 'x' } });
    main.send({ type: 'message', chat_id: chatId, text: 'x', ref: 'send' });
    const newcomer = await connectSocket(server, '/ws');
    newcomer.send({ type: 'auth', token: anna.token, ref: 'auth' });
    // While they wait, what needs no database is answered.
    expect((await ask(server, 'GET', '/healthz')).status).toBe(200);
    main.send({ type: 'ping', ref: 'ping' });
    expect(await main.next(({ ref }) => ref === 'ping')).toMatchObject({ type: 'pong' });
    expect((await ask(server, 'GET', '/metrics', { token: 'metrics' })).status).toBe(200);

    for (const answer of [await reading, await sending]) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retry_after: 1 } });
    }
    expect(await main.next(({ ref }) => ref === 'send')).toMatchObject({ type: 'error', code: 'unavailable' });
    expect(await newcomer.next(({ ref }) => ref === 'auth')).toMatchObject({ type: 'error', code: 'unavailable' });
    expect(await newcomer.closed).toMatchObject({ code: 4503 });
    expect((await ask(server, 'GET', '/readyz')).status).toBe(503);

    release();
    main.send({ type: 'message', chat_id: chatId, text: 'again', ref: 'again' });
    expect(await main.next(({ ref }) => ref === 'again')).toMatchObject({ type: 'ack', message_id: 1 });
    main.close();
  });
});

describe('a socket that is gone before it is known whose it is', () => {
  test('takes none of its user’s places', async () => {
    server = await startTestServer({ rateLimits: true, metricsToken: 'metrics', databasePoolSize: 2 });
    anna = await signUp(server, 'anna');
    chatId = (await createGroup(server, anna)).id;
    const release = await exhaustPool(2);
    const gone = await Promise.all(
      Array.from({ length: USER_SOCKETS.max }, async (_, index) => {
        if (index % 2 === 0) return connectToChat(server, chatId, anna.token);
        const socket = await connectSocket(server, '/ws');
        socket.send({ type: 'auth', token: anna.token });
        return socket;
      }),
    );
    for (const socket of gone) socket.terminate();
    const sockets = async (): Promise<unknown> => (await ask(server, 'GET', '/metrics', { token: 'metrics' })).body;
    await expect.poll(sockets).toMatch(/^beseda_sockets 0$/m);
    release();
    const here = await Promise.all(
      Array.from({ length: USER_SOCKETS.max }, async () => connectToMain(server, anna.token)),
    );
    for (const socket of here) socket.close();
  });
});

describe('a chat that another process holds locked', () => {
  test('WS16 sends to it fail with `unavailable` and store nothing, and nobody else waits longer for it', async () => {
    await start();
    const other = (await createGroup(server, anna)).id;
    const main = await connectToMain(server, anna.token);
    const release = await lockChat(chatId);
    main.send({ type: 'message', chat_id: chatId, text: 'stuck', ref: 'stuck' });
    main.send({ type: 'message', chat_id: other, text: 'behind it', ref: 'behind' });
    expect(await main.next(({ ref }) => ref === 'stuck')).toMatchObject({ type: 'error', code: 'unavailable' });
    expect(await main.next(({ ref }) => ref === 'behind')).toMatchObject({ type: 'ack', message_id: 1 });
    await release();
    main.send({ type: 'message', chat_id: chatId, text: 'free', ref: 'free' });
    expect(await main.next(({ ref }) => ref === 'free')).toMatchObject({ type: 'ack', message_id: 1 });
    main.close();
  });
});
