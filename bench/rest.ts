import process from 'node:process';
import { Chat } from '@beseda/protocol/chats.ts';
import { Registered } from '@beseda/protocol/users.ts';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Value } from 'typebox/value';
import { openConnection, type Connection } from './http-client.ts';
import { memoryOf } from './memory.ts';
import { startServerProcess } from './server-process.ts';

// Sends and history pages per second over REST, by 16 clients with one request under way each. See README.md.
const CLIENTS = 16;
const ROUNDS = 3;
const seconds = Number(process.argv[2] ?? 5);
const port = Number(process.env['BENCH_PORT'] ?? 8765);

interface Client {
  connection: Connection;
  id: number;
  token: string;
  chatId: number;
}

async function main(): Promise<void> {
  const server = await startServerProcess(port);
  try {
    const idle = memoryOf(server.pid);
    const clients = await makeClients(server.url);
    await round(clients, send, 1);
    const sends = await rounds(clients, send);
    await fillHistory(clients);
    await round(clients, readNewest, 1);
    const pages = await rounds(clients, readNewest);
    print(
      `${CLIENTS} clients, one request under way each, ${ROUNDS} rounds of ${seconds} s, median [lowest – highest]`,
    );
    print(`sends/s over REST:              ${summary(sends)}`);
    print(`history pages/s (newest 50):    ${summary(pages)}`);
    if (idle !== undefined)
      print(`memory idle: server ${idle.server.toFixed(0)} MiB, database ${idle.database.toFixed(0)} MiB`);
    for (const { connection } of clients) connection.close();
  } finally {
    await server.stop();
  }
}

/** Pairs of users with a personal chat each. */
async function makeClients(url: string): Promise<Client[]> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index): Promise<Client> => {
      const connection = openConnection(url);
      const account = { username: `bench${index}`, email: `bench${index}@example.com`, password: 'bench-password' };
      const { id } = Value.Parse(Registered, (await connection.ask('POST', '/auth/register', { json: account })).body);
      const tokens = Value.Parse(Tokens, (await connection.ask('POST', '/auth/token', { json: account })).body);
      return { connection, id, token: tokens.access_token, chatId: 0 };
    }),
  );
  for (const [index, client] of clients.entries()) {
    const peer = clients[index ^ 1];
    const reply = await client.connection.ask('POST', '/chats/', { token: client.token, json: { user_id: peer?.id } });
    client.chatId = Value.Parse(Chat, reply.body).id;
  }
  return clients;
}

async function send({ connection, token, chatId }: Client): Promise<void> {
  const text = 'A message of the length that people write, about a hundred characters, neither long nor too short.';
  const { status } = await connection.ask('POST', `/messages/${chatId}/send`, { token, json: { text } });
  if (status !== 201) throw new Error(`a send was answered ${status}`);
}

async function readNewest({ connection, token, chatId }: Client): Promise<void> {
  const { status } = await connection.ask('GET', `/messages/history/${chatId}?limit=50`, { token });
  if (status !== 200) throw new Error(`a history page was answered ${status}`);
}

/** Enough messages in each chat for a full page. */
async function fillHistory(clients: Client[]): Promise<void> {
  await Promise.all(clients.map(async (client) => repeat(50, async () => send(client))));
}

async function rounds(clients: Client[], act: (client: Client) => Promise<void>): Promise<number[]> {
  const rates: number[] = [];
  await repeat(ROUNDS, async () => {
    rates.push(await round(clients, act, seconds));
  });
  return rates.toSorted((a, b) => a - b);
}

/** Acts per second, of all clients together. */
async function round(clients: Client[], act: (client: Client) => Promise<void>, duration: number): Promise<number> {
  let count = 0;
  const start = performance.now();
  const end = start + duration * 1000;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < end) {
        await act(client);
        count += 1;
      }
    }),
  );
  return count / ((performance.now() - start) / 1000);
}

async function repeat(times: number, act: () => Promise<void>): Promise<void> {
  for (let done = 0; done < times; done += 1) await act();
}

function summary(sorted: number[]): string {
  return `${show(sorted[Math.floor(sorted.length / 2)])} [${show(sorted[0])} – ${show(sorted.at(-1))}]`;
}

function show(value: number | undefined): string {
  return Math.round(value ?? 0).toLocaleString('en');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
