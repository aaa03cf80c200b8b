import process from 'node:process';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Group } from '@beseda/protocol/groups.ts';
import { SyncedFrame } from '@beseda/protocol/socket.ts';
import { Value } from 'typebox/value';
import { WebSocket } from 'ws';
import { openConnection, type Connection } from './http-client.ts';
import { startServerProcess } from './server-process.ts';

// How long a client that comes back waits until it has what it missed. See README.md.
const CHATS = 1000;
const MESSAGES = 10_000;
const CONNECTIONS = 16;
const ROUNDS = 7;
const port = Number(process.env['BENCH_PORT'] ?? 8765);

type Versions = Record<string, number>;

interface Resumed {
  ms: number;
  messages: number;
  versions: Versions;
}

/** Connects, signs in and syncs; the time is that from the `sync` to its `synced`. */
async function resume(url: string, token: string, since: Versions): Promise<Resumed> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`);
  return new Promise((resolve, reject) => {
    let began = 0;
    let messages = 0;
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'auth', token })));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('{"type":"message"')) messages += 1;
      else if (text.startsWith('{"type":"hello"')) {
        began = performance.now();
        socket.send(JSON.stringify({ type: 'sync', since }));
      } else if (text.startsWith('{"type":"synced"')) {
        const { versions } = Value.Parse(SyncedFrame, JSON.parse(text));
        resolve({ ms: performance.now() - began, messages, versions });
        socket.close();
      }
    });
  });
}

async function measure(what: string, url: string, token: string, since: Versions, expected: number): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { ms, messages } = await resume(url, token, since);
    if (messages !== expected) throw new Error(`${what}: ${messages} messages came, and not ${expected}`);
    // The first one warms up.
    if (round > 0) times.push(ms);
  }
  const sorted = times.toSorted((a, b) => a - b).map(Math.round);
  process.stdout.write(`${what}: ${sorted[ROUNDS >> 1]} ms [${sorted[0]} – ${sorted.at(-1)}]\n`);
}

/** Does something so many times, over all connections at once. */
async function spread(
  connections: Connection[],
  times: number,
  act: (connection: Connection, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (next < times) {
        next += 1;
        await act(connection, next - 1);
      }
    }),
  );
}

const server = await startServerProcess({ port });
try {
  const connections = Array.from({ length: CONNECTIONS }, () => openConnection(server.url));
  const [first] = connections;
  if (first === undefined) throw new Error('there are no connections');
  const account = { username: 'resumer', email: 'resumer@example.com', password: 'bench-password' };
  await first.ask('POST', '/auth/register', { json: account });
  const { access_token: token } = Value.Parse(Tokens, (await first.ask('POST', '/auth/token', { json: account })).body);
  const chatIds: number[] = [];
  await spread(connections, CHATS, async (connection, index) => {
    const { body } = await connection.ask('POST', '/groups/', { token, json: { name: `Group ${index}` } });
    chatIds.push(Value.Parse(Group, body).id);
  });
  const { versions } = await resume(server.url, token, {});
  await measure(`${CHATS} chats, nothing missed`, server.url, token, versions, 0);
  await spread(connections, MESSAGES, async (connection, index) => {
    const path = `/messages/${chatIds[index % CHATS]}/send`;
    const { status } = await connection.ask('POST', path, {
      token,
      json: { text: `Message ${index} of those missed.` },
    });
    if (status !== 201) throw new Error(`a send was answered ${status}`);
  });
  await measure(`${CHATS} chats, ${MESSAGES} messages missed`, server.url, token, versions, MESSAGES);
  for (const connection of connections) connection.close();
} finally {
  await server.stop();
}
