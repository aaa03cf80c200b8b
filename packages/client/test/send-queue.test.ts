import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createGroup, signUp } from '../../server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import { ApiError } from '../src/api-error.ts';
import type { Client } from '../src/client.ts';
import { fileQueue } from '../src/queue/file-queue.ts';
import type { Outgoing } from '../src/queue/outgoing.ts';
import { memoryQueue, type QueueStorage } from '../src/queue/queue-storage.ts';
import { createSendQueue, type SendQueue, type SendQueueOptions } from '../src/queue/send-queue.ts';
import { createManualClock } from './clock.testing.ts';
import { createNetwork } from './network.testing.ts';
import { clientOf, live, texts, tokensOf, until } from './people.testing.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), 'beseda-queue-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

let files = 0;
function newFile(): string {
  files += 1;
  return join(folder, `queue-${files}.jsonl`);
}

describe('ID5 every message that is written', () => {
  test('ID5 is stored exactly once and in order per chat, whatever is cut, lost or started again', async () => {
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`the send queue: FUZZ_SEED=${seed}\n`);
    const acts = fc.constantFrom(
      'write',
      'write',
      'write',
      'write',
      'cut',
      'online',
      'hold',
      'release',
      'kill',
      'swallow',
    );
    const script = fc.array(fc.tuple(acts, fc.nat(1), fc.nat(4)), { minLength: 5, maxLength: 50 });
    await fc.assert(fc.asyncProperty(script, storesEachOnce), {
      seed,
      numRuns: Number(process.env['FUZZ_RUNS'] ?? 12),
    });
  }, 180_000);
});

async function storesEachOnce(script: [string, number, number][]): Promise<void> {
  const person = await signUp(server);
  const chatIds = [(await createGroup(server, person)).id, (await createGroup(server, person)).id];
  const [tokens, path] = [await tokensOf(person), newFile()];
  let network = createNetwork();
  let clock = createManualClock();
  let run = { alive: true };
  let storage = fileQueue(path);
  const begin = async (): Promise<Client> => {
    network = createNetwork();
    clock = createManualClock();
    run = { alive: true };
    storage = fileQueue(path);
    const { openSocket, fetch } = network;
    const client = await clientOf(server, person, {
      tokens,
      queue: mortal(storage, run),
      clock,
      openSocket,
      fetch,
    });
    await client.start();
    return client;
  };
  let client = await begin();
  const written: string[][] = [[], []];
  for (const [index, [act, which, pause]] of script.entries()) {
    switch (act) {
      case 'write': {
        const text = `message ${index}`;
        await client.send(chatIds[which] ?? 0, text);
        written[which]?.push(text);
        break;
      }
      case 'cut':
        network.cut();
        break;
      case 'online':
        client.online();
        break;
      case 'swallow':
        network.swallow();
        clock.advance(45_000);
        break;
      case 'hold':
        network.hold();
        break;
      case 'release':
        network.release();
        break;
      default:
        run.alive = false;
        network.setDown(true);
        network.cut();
        client.stop();
        client = await begin();
    }
    // How far what is under way gets before the next act: a few round trips, or none.
    for (let round = 0; round < pause; round += 1) await client.api.account.get().catch(() => undefined);
  }
  network.release();
  client.stop();
  await client.start();
  const sent = (): boolean =>
    client.state.name === 'live' &&
    chatIds.every((chatId) => client.store.messages(chatId)?.pending.length === 0 && client.store.chat(chatId));
  await until(client, sent, ...chatIds);
  for (const [which, chatId] of chatIds.entries()) {
    const history = await client.api.messages.history(chatId, { limit: 200 });
    expect(history.toReversed().map(({ text }) => text)).toEqual(written[which]);
  }
  client.stop();
  // What is sent is forgotten behind everybody's back; while it is being written, nobody else may use the file.
  await expect.poll(async () => storage.load()).toEqual([]);
  expect(await fileQueue(path).load()).toEqual([]);
}

const never = new Promise<never>(() => {});

/** Writes nothing any more once its program is dead. */
function mortal(storage: QueueStorage, run: { alive: boolean }): QueueStorage {
  return {
    load: async () => storage.load(),
    put: async (item) => (run.alive ? storage.put(item) : never),
    remove: async (clientId) => (run.alive ? storage.remove(clientId) : never),
  };
}

/** A queue before a server that answers as the test says. */
async function queueBefore(
  deliver: SendQueueOptions['deliver'],
  changes: Partial<SendQueueOptions> = {},
): Promise<SendQueue & { clock: ReturnType<typeof createManualClock>; problems: unknown[] }> {
  const clock = createManualClock();
  const problems: unknown[] = [];
  let ids = 0;
  const queue = createSendQueue({
    storage: memoryQueue(),
    deliver,
    edit: async () => undefined,
    delete: async () => undefined,
    react: async () => undefined,
    held: () => false,
    clock,
    random: () => 0,
    uuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    changed: () => {},
    onProblem: (found) => problems.push(found),
    ...changes,
  });
  await queue.begin(1);
  queue.setLive(true);
  return { ...queue, clock, problems };
}

function problem(code: string, status: number, retryAfter?: number): ApiError {
  const retry = retryAfter === undefined ? {} : { retry_after: retryAfter };
  return new ApiError({ type: 'about:blank', title: code, status, detail: code, code, ...retry });
}

const message = (text: string) => ({ chat_id: 5, text, reply_to: null });

/** Lets what is under way go on as far as it can. */
const turns = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what the server answers', () => {
  test('a refusal for now is tried again after the time that it names, and nothing overtakes it', async () => {
    const sent: string[] = [];
    let busy = true;
    const queue = await queueBefore(async ({ text }) => {
      sent.push(text);
      if (busy) throw problem('unavailable', 503, 7);
      return { message_id: sent.length };
    });
    await queue.add(message('one'));
    await queue.add(message('two'));
    await turns();
    busy = false;
    queue.clock.advance(6999);
    await turns();
    expect(sent).toEqual(['one']);
    queue.clock.advance(1);
    await turns();
    expect(sent).toEqual(['one', 'one', 'two']);
  });

  test('a refusal for good is kept with its reason, and the next goes on', async () => {
    const sent: string[] = [];
    const queue = await queueBefore(async ({ text }) => {
      if (text === 'one') throw problem('chat_not_found', 404);
      sent.push(text);
      return { message_id: 1 };
    });
    await queue.add(message('one'));
    await queue.add(message('two'));
    await turns();
    expect(sent).toEqual(['two']);
    expect(queue.of(5)).toMatchObject([{ text: 'one', failure: { code: 'chat_not_found' } }, { text: 'two' }]);
  });

  test('a fault of the server is tried again five times, then told', async () => {
    let tries = 0;
    const queue = await queueBefore(async () => {
      tries += 1;
      throw problem('internal', 500);
    });
    await queue.add(message('poison'));
    for (let round = 0; round < 10; round += 1) {
      await turns();
      queue.clock.advance(60_000);
    }
    expect(tries).toBe(5);
    expect(queue.of(5)).toMatchObject([{ failure: { code: 'internal' } }]);
  });

  test('an edit and a deletion of what may have left follow it once it is stored', async () => {
    const done: unknown[] = [];
    const waiting: (() => void)[] = [];
    const queue = await queueBefore(
      async ({ text }) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        done.push(['send', text]);
        return { message_id: done.length };
      },
      {
        edit: async (_chat, id, text) => void done.push(['edit', id, text]),
        delete: async (_chat, id) => void done.push(['delete', id]),
        react: async (_chat, id, emoji) => void done.push(['react', id, emoji]),
      },
    );
    const one = await queue.add(message('one'));
    await queue.edit(one.client_id, 'One');
    await queue.react(one.client_id, '👍', true);
    const two = await queue.add(message('two'));
    expect(queue.of(5).map(({ text }) => text)).toEqual(['One', 'two']);
    waiting.shift()?.();
    await turns();
    await queue.drop(two.client_id);
    waiting.shift()?.();
    await turns();
    expect(done).toEqual([
      ['send', 'one'],
      ['edit', 1, 'One'],
      ['react', 1, '👍'],
      ['send', 'two'],
      ['delete', 4],
    ]);
  });

  test('what is written and changed is noted before anything is waited for', async () => {
    const noted: unknown[] = [];
    const slow = { ...memoryQueue(), note: ({ text }: Outgoing) => noted.push(text), put: async () => never };
    const queue = await queueBefore(async () => ({ message_id: 1 }), { storage: slow });
    for (const text of ['one', 'two']) void queue.add(message(text));
    expect(noted).toEqual(['one', 'two']);
    void queue.edit(queue.of(5)[1]?.client_id ?? '', 'three');
    expect(noted).toEqual(['one', 'two', 'three']);
  });

  test('what cannot be kept on this device is refused at once', async () => {
    const full = { ...memoryQueue(), put: async () => Promise.reject(new Error('the disk is full')) };
    const queue = await queueBefore(async () => ({ message_id: 1 }), { storage: full });
    await expect(queue.add(message('one'))).rejects.toThrow('the disk is full');
    expect(queue.of(5)).toEqual([]);
  });
});

describe('the file', () => {
  test('a line that was cut short is passed over, and what was written is all there', async () => {
    const path = newFile();
    const kept = fileQueue(path);
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const offline = await clientOf(server, person, { queue: kept, openSocket: createNetwork().openSocket });
    await offline.start();
    offline.stop();
    await offline.send(group.id, 'kept');
    await writeFile(path, `${await readFile(path, 'utf8')}{"put":{"client_id":"7b0c`);
    const client = await clientOf(server, person, { queue: fileQueue(path) });
    onTestFinished(() => client.stop());
    await live(client, group.id);
    await until(client, () => texts(client, group.id).includes('kept'), group.id);
    expect(texts(client, group.id)).toEqual(['kept']);
  });

  test('a restarted client shows at once what its snapshot holds and what is on its way, once each', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const [queue, network] = [memoryQueue(), createNetwork()];
    const first = await clientOf(server, person, { queue, openSocket: network.openSocket });
    await live(first, group.id);
    await first.send(group.id, 'stored');
    await until(first, () => texts(first, group.id).includes('stored'), group.id);
    first.stop();
    await first.send(group.id, 'on its way');
    const snapshot: unknown = JSON.parse(JSON.stringify(first.store.snapshot()));

    network.setDown(true);
    const second = await clientOf(server, person, { queue, snapshot, openSocket: network.openSocket });
    onTestFinished(() => second.stop());
    await second.start();
    expect(texts(second, group.id)).toEqual(['stored', '[on its way]']);
    expect(second.store.inbox()).toMatchObject([{ id: group.id, name: 'A group' }]);
    network.setDown(false);
    second.online();
    await until(second, () => texts(second, group.id).includes('on its way'), group.id);
    expect(texts(second, group.id)).toEqual(['stored', 'on its way']);
  });
});
