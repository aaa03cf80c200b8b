import { ARRIVING_SOCKETS, SOCKET_FRAMES, USER_SOCKETS } from '@beseda/protocol/limits.ts';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, createGroup, signUp, type Person } from '../testing/api-client.ts';
import { connectSocket, connectToChat, joinChat } from '../testing/chat-socket.ts';
import { connectToMain } from '../testing/main-socket.ts';
import { connectRaw, closeCodeIn, rawFrame } from '../testing/raw-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

// These are the limits that RATE_LIMITS=off takes away, and that other tests run without.
let server: TestServer;
let anna: Person;
let boris: Person;
let chatId: number;

beforeEach(async () => {
  server = await startTestServer({ rateLimits: true, metricsToken: 'metrics' });
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
  chatId = (await createGroup(server, anna, [boris])).id;
});
afterEach(async () => {
  await server.stop();
});

/** What a new socket is answered instead of being opened. */
async function refused(path: string): Promise<{ status: number | undefined; retryAfter: string | undefined }> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`);
  const [, response] = await once(socket, 'unexpected-response');
  return { status: response.statusCode, retryAfter: response.headers['retry-after'] };
}

async function counted(what: string): Promise<boolean> {
  const { body } = await ask(server, 'GET', '/metrics', { token: 'metrics' });
  return new RegExp(`^beseda_refused_total\\{what="${what}"\\} [1-9]`, 'm').test(String(body));
}

describe('WS15 frames of one socket', () => {
  test('WS15 what is past the limit costs an error with retry_after, and is served after that time', async () => {
    const socket = await connectToMain(server, anna.token);
    // The first frame was auth.
    for (let count = 1; count < SOCKET_FRAMES.burst; count += 1) socket.send({ type: 'ping' });
    socket.send({ type: 'message', chat_id: chatId, text: 'one too many', ref: 'refused' });
    const answer = await socket.next(({ ref }) => ref === 'refused');
    expect(answer).toMatchObject({ type: 'error', code: 'rate_limited', retry_after: 1 });
    expect(socket.frames.filter(({ type }) => type === 'pong')).toHaveLength(SOCKET_FRAMES.burst - 1);
    server.clock.advance(Number(answer['retry_after']));
    socket.send({ type: 'message', chat_id: chatId, text: 'again', ref: 'served' });
    expect(await socket.next(({ ref }) => ref === 'served')).toMatchObject({ type: 'ack', message_id: 1 });
    expect(await counted('frame')).toBe(true);
    socket.close();
  });

  test('WS15 what is refused counts too: a client that goes on is served again once it has paused for all of it', async () => {
    const socket = await joinChat(server, chatId, anna.token);
    const send = async (count: number, after: number): Promise<unknown[]> => {
      server.clock.advance(after);
      const refs = Array.from({ length: count }, (_, index) => `${socket.frames.length} ${index}`);
      for (const ref of refs) socket.send({ type: 'message', text: ref, ref });
      const answers = await Promise.all(refs.map(async (ref) => socket.next((frame) => frame['ref'] === ref)));
      return [...new Set(answers.map(({ type, code }) => code ?? type))];
    };
    // Joining took one.
    expect(await send(SOCKET_FRAMES.burst - 1, 0)).toEqual(['ack']);
    expect(await send(SOCKET_FRAMES.perSecond, 0)).toEqual(['rate_limited']);
    expect(await send(10, 0.5)).toEqual(['rate_limited']);
    expect(await send(10, 1)).toEqual(['ack']);
    socket.close();
  });

  test('WS15 a flood closes its socket with 4429, and no other', async () => {
    const other = await joinChat(server, chatId, boris.token);
    const socket = await connectToChat(server, chatId, anna.token);
    for (let count = 0; count <= SOCKET_FRAMES.burst + SOCKET_FRAMES.flood; count += 1) socket.sendRaw('{"type":"x"}');
    expect(await socket.closed).toMatchObject({ code: 4429 });
    other.send({ type: 'message', text: 'still here', ref: 'r' });
    expect(await other.next(({ ref }) => ref === 'r')).toMatchObject({ type: 'ack' });
    other.close();
  });
});

describe('WS15 sockets of one user', () => {
  test('WS15 one more than there may be is closed with 4429 and told why; once another is closed there is room', async () => {
    const sockets = await Promise.all(
      Array.from({ length: USER_SOCKETS.max }, async (_, index) =>
        index % 2 === 0 ? connectToMain(server, anna.token) : joinChat(server, chatId, anna.token),
      ),
    );
    const main = await connectSocket(server, '/ws');
    main.send({ type: 'auth', token: anna.token, ref: 'auth' });
    expect(await main.next()).toMatchObject({ type: 'error', code: 'rate_limited', ref: 'auth', retry_after: 60 });
    expect(await main.closed).toMatchObject({ code: 4429 });
    const chat = await connectToChat(server, chatId, anna.token);
    expect(await chat.closed).toMatchObject({ code: 4429 });
    expect(await counted('user')).toBe(true);
    // Another user's are their own.
    (await connectToMain(server, boris.token)).close();
    sockets[0]?.close();
    await sockets[0]?.closed;
    (await joinChat(server, chatId, anna.token)).close();
    for (const socket of sockets) socket.close();
  });
});

describe('sockets of one address that have not said who they are', () => {
  test('WS15 one more than there may be is refused with 429; those that have said it, or are gone, do not count', async () => {
    const sockets = await Promise.all(
      Array.from({ length: ARRIVING_SOCKETS.max }, async () => connectSocket(server, '/ws')),
    );
    expect(await refused('/ws')).toEqual({ status: 429, retryAfter: '5' });
    expect(await refused(`/ws/${chatId}?token=${anna.token}`)).toMatchObject({ status: 429 });
    expect(await counted('address')).toBe(true);
    sockets[0]?.send({ type: 'auth', token: anna.token });
    await sockets[0]?.next(({ type }) => type === 'hello');
    sockets[1]?.close();
    await sockets[1]?.closed;
    const more = [await connectSocket(server, '/ws'), await joinChat(server, chatId, anna.token)];
    for (const socket of [...sockets, ...more]) socket.close();
  });
});

describe('parts of one message', () => {
  test('WS15 more of them than there may be close the socket with 1008, however small they are', async () => {
    const raw = await connectRaw(server, chatId, anna.token);
    const part = rawFrame('', { opcode: 0, last: false });
    await raw.write(rawFrame('{', { opcode: 1, last: false }));
    await raw.write(Buffer.concat(Array.from({ length: 1024 }, () => part)));
    await raw.ended;
    expect(closeCodeIn(raw.received())).toBe(1008);
  });
});
