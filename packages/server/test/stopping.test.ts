import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, createGroup, signUp, type Person } from '../testing/api-client.ts';
import { joinChat, type TestSocket } from '../testing/chat-socket.ts';
import { startServerProcess, type ServerProcess } from '../testing/server-process.ts';

/** More than are closed at once. */
const CLIENTS = 120;
/** What each keeps under way. */
const WINDOW = 5;

/** A client that sends one message after the other until its socket closes. */
interface Sender {
  person: Person;
  chatId: number;
  sent: string[];
  acked: Set<string>;
  errors: unknown[];
  closed: TestSocket['closed'];
}

async function startSender(server: ServerProcess, person: Person, chatId: number): Promise<Sender> {
  const socket = await joinChat(server, chatId, person.token);
  const sender: Sender = { person, chatId, sent: [], acked: new Set(), errors: [], closed: socket.closed };
  const send = (): void => {
    const id = randomUUID();
    sender.sent.push(id);
    socket.send({ type: 'message', text: `message ${sender.sent.length}`, client_id: id });
  };
  const go = async (): Promise<void> => {
    for (;;) {
      const frame = await socket.next(({ type }) => type === 'ack' || type === 'error');
      if (frame.type === 'error') sender.errors.push(frame);
      else sender.acked.add(String(frame['client_id']));
      send();
    }
  };
  for (let count = 0; count < WINDOW; count += 1) send();
  // It ends with the socket.
  void go().catch(() => {});
  return sender;
}

function inOrder(ids: readonly string[]): string[] {
  return ids.toSorted((a, b) => a.localeCompare(b));
}

test('WS17 SIGTERM under load: who is read is answered, who is answered is stored, who comes back loses nothing', async () => {
  const server = await startServerProcess({ LOG_LEVEL: 'warn' });
  const people = await Promise.all(Array.from({ length: 4 }, async () => signUp(server, 'sender')));
  const [first, ...others] = people;
  if (first === undefined) throw new Error('nobody signed up');
  const chats = await Promise.all(Array.from({ length: 10 }, async () => createGroup(server, first, others)));
  const senders = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) =>
      startSender(server, people[index % people.length] ?? first, chats[index % chats.length]?.id ?? 0),
    ),
  );
  await expect.poll(() => Math.min(...senders.map(({ acked }) => acked.size)), { timeout: 30_000 }).toBeGreaterThan(2);

  const asked = performance.now();
  server.process.signal('SIGTERM');
  await server.process.line(/^Stopping/);
  // No new sockets, and no readiness, while those that are open are closed bit by bit.
  expect((await ask(server, 'GET', '/readyz')).status).toBe(503);
  const [, response] = await once(new WebSocket(`${server.url.replace('http', 'ws')}/ws`), 'unexpected-response');
  expect(response.statusCode).toBe(503);

  const codes = await Promise.all(senders.map(async ({ closed }) => (await closed).code));
  expect(new Set(codes)).toEqual(new Set([1001]));
  expect(await server.process.ended).toBe(0);
  const seconds = (performance.now() - asked) / 1000;
  expect(seconds).toBeLessThan(10);
  expect(senders.flatMap(({ errors }) => errors)).toEqual([]);
  expect(server.process.output()).not.toMatch(/"level":"(warn|error|fatal)"/);

  const stored = async (): Promise<string[]> => {
    const rows = await server.database.db.selectFrom('messages').select('client_id').execute();
    return inOrder(rows.map((row) => row.client_id ?? 'none'));
  };
  const acked = senders.flatMap((sender) => [...sender.acked]);
  expect(await stored()).toEqual(inOrder(acked));

  // The next server: what was not answered is sent again, and all is stored once.
  const next = await startServerProcess({}, server.database);
  for (const { person, chatId, sent, acked: answered } of senders) {
    const socket = await joinChat(next, chatId, person.token);
    for (const id of sent) {
      if (answered.has(id)) continue;
      socket.send({ type: 'message', text: 'again', client_id: id });
      expect(await socket.next(({ client_id: ack }) => ack === id)).toMatchObject({ type: 'ack' });
    }
    socket.close();
  }
  expect(await stored()).toEqual(inOrder(senders.flatMap(({ sent }) => sent)));
  process.stdout.write(`stopping: ${acked.length} acknowledged, stopped in ${seconds.toFixed(1)} s\n`);
  await next.stop();
  await server.stop();
});
