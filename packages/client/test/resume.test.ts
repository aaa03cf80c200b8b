import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, openChat, sendText, signUp, type Person } from '../../server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import type { Client } from '../src/client.ts';
import { memoryQueue } from '../src/queue/queue-storage.ts';
import { HOLD_LIMITS, type HoldLimits } from '../src/store/holding.ts';
import type { KeptMessages, Snapshot } from '../src/store/snapshot.ts';
import { createManualClock } from './clock.testing.ts';
import { createNetwork } from './network.testing.ts';
import { clientOf, live, texts, tokensOf, until } from './people.testing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

/** What another person does, and what happens to the client and its network. */
const acts = [
  'send',
  'send',
  'edit',
  'delete',
  'react',
  'take back',
  'rename',
  'add',
  'leave',
  'return',
  'hand over',
  'read',
  'open a chat',
  'write',
  'write',
  'mark',
  'mark unread',
  'unread elsewhere',
  'read elsewhere',
  'set',
  'set elsewhere',
  'edit own',
  'page',
  'members',
  'cut',
  'online',
  'swallow',
  'hold',
  'release',
  'restart',
  'recall',
  'reset',
] as const;
type Act = (typeof acts)[number];

describe('the state of a client', () => {
  test('WS4 WS5 WS8 MK6 what a client holds after any changes, drops, delays and restarts equals what REST tells', async () => {
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`client state after resumes: FUZZ_SEED=${seed}\n`);
    const script = fc.array(fc.tuple(fc.constantFrom(...acts), fc.nat(1)), { minLength: 5, maxLength: 40 });
    await fc.assert(fc.asyncProperty(script, fc.constantFrom(...holds), expectWhatRestTells), {
      seed,
      numRuns: Number(process.env['FUZZ_RUNS'] ?? 12),
    });
  });
});

/** All that a script tells is held, or hardly anything. */
const holds = [HOLD_LIMITS, { recent: 1, read: 3, chats: 1 }];

async function expectWhatRestTells(script: [Act, number][], hold: HoldLimits): Promise<void> {
  const [writer, reader, third] = [await signUp(server), await signUp(server), await signUp(server)];
  const [one, other] = [
    await createGroup(server, writer, [reader]),
    await createGroup(server, writer, [reader, third]),
  ];
  const personal = await openChat(server, writer, reader);
  const chatIds = [one.id, other.id, personal.id];
  for (const chatId of chatIds) for (const text of ['a', 'b', 'c']) await sendText(server, writer, chatId, text);

  const [tokens, queue] = [await tokensOf(reader), memoryQueue()];
  let network = createNetwork();
  let clock = createManualClock();
  const begin = async (snapshot?: unknown): Promise<Client> => {
    network = createNetwork();
    clock = createManualClock();
    const { openSocket, fetch } = network;
    return clientOf(server, reader, { tokens, queue, snapshot, hold, clock, openSocket, fetch });
  };
  let client = await live(await begin(), ...chatIds);
  let keptApart: KeptMessages[] = [];
  const doing: Promise<unknown>[] = [];
  const api = (person: Person, method: string, path: string, json?: unknown): void => {
    doing.push(ask(server, method, path, { token: person.token, json }));
  };
  /** What the client asks for: it may be refused, lost on the way, or held on it until the network lets go. */
  const asking: Promise<unknown>[] = [];
  const allowed = (promise: Promise<unknown>): void => {
    asking.push(promise.catch(() => undefined));
  };

  for (const [index, [act, which]] of script.entries()) {
    const group = [one, other][which] ?? one;
    const chatId = chatIds[(index + which) % chatIds.length] ?? one.id;
    switch (act) {
      case 'send':
        doing.push(sendText(server, writer, chatId, `text ${index}`).catch(() => undefined));
        break;
      case 'edit':
        api(writer, 'PATCH', `/messages/${chatId}/1`, { text: `edited ${index}` });
        break;
      case 'delete':
        api(writer, 'DELETE', `/messages/${chatId}/2`);
        break;
      case 'react':
        api(writer, 'PUT', `/messages/${chatId}/1/reactions/${encodeURIComponent('🎉')}`);
        break;
      case 'take back':
        api(writer, 'DELETE', `/messages/${chatId}/1/reactions/${encodeURIComponent('🎉')}`);
        break;
      case 'rename':
        api(writer, 'PATCH', `/groups/${group.id}`, { name: `name ${index}` });
        break;
      case 'add':
        api(writer, 'POST', `/groups/${group.id}/members/${third.id}`);
        break;
      case 'leave':
        api(writer, 'DELETE', `/groups/${group.id}/members/${index % 2 === 0 ? reader.id : third.id}`);
        break;
      case 'return':
        api(writer, 'POST', `/groups/${group.id}/members/${reader.id}`);
        break;
      case 'hand over':
        api(writer, 'PATCH', `/groups/${group.id}`, { creator_id: third.id });
        break;
      case 'read':
        doing.push(readAll(index % 2 === 0 ? writer : third, chatId));
        break;
      case 'open a chat':
        api(third, 'POST', '/chats/', { user_id: reader.id });
        break;
      case 'write':
        allowed(client.send(chatId, `written ${index}`));
        break;
      case 'mark':
        client.markRead(chatId, client.store.chat(chatId)?.last_message_id ?? 0);
        break;
      case 'mark unread':
        allowed(client.markUnread(chatId, which === 0 ? 2 : null));
        break;
      case 'unread elsewhere':
        api(reader, 'POST', `/messages/${chatId}/3/unread`);
        break;
      case 'read elsewhere':
        api(reader, 'POST', `/messages/${chatId}/${1 + which * 2}/read`);
        break;
      case 'set':
        allowed(client.updateChatSettings(chatId, settings(index, which)));
        break;
      case 'set elsewhere':
        api(reader, 'PATCH', `/chats/${chatId}/settings`, settings(index, which));
        break;
      case 'edit own': {
        const item = client.store.messages(chatId)?.pending[0];
        if (item !== undefined) allowed(client.edit(chatId, item.client_id, `rewritten ${index}`));
        break;
      }
      case 'page':
        allowed(which === 0 ? client.loadOlder(chatId) : client.loadNewer(chatId, 0));
        break;
      case 'members':
        allowed(client.loadMembers(group.id));
        break;
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
      case 'restart': {
        // As if it had been killed: what it still had to say is lost.
        const snapshot: Snapshot = JSON.parse(JSON.stringify(client.store.snapshot(which * 5)));
        // Of some chats all but the newest message is kept apart, and comes back some acts later.
        const apart = snapshot.chats.filter(({ id }) => (id + index) % 2 === 0);
        keptApart = apart.map(({ id, version, messages }) => ({ chat_id: id, version, messages }));
        for (const chat of apart) chat.messages = chat.messages.slice(-1);
        network.setDown(true);
        network.cut();
        client.stop();
        client = await begin(snapshot);
        await client.start();
        break;
      }
      case 'recall':
        for (const kept of keptApart.splice(0)) client.recall(kept);
        break;
      case 'reset':
        // A cursor that is ahead of the server, as after a backup was restored there.
        network.cut();
        client.stop();
        client = await begin(ahead(client.store.snapshot()));
        keptApart = [];
        await client.start();
    }
    // Others go on meanwhile, now a little and now a lot.
    if (index % 3 === 0) await doing.at(-1);
  }

  for (const kept of keptApart) client.recall(kept);
  network.release();
  await Promise.all(doing);
  for (const group of [one, other]) await letIn(group.id, [writer, third], reader);
  await settled(client, async () => network.idle(), reader);
  await Promise.all(asking);
  await expectAsRestTells(client, reader);
  expect(client.state.name).toBe('live');
  client.stop();
}

function settings(index: number, which: number): { muted?: boolean; pinned?: boolean } {
  return { [index % 2 === 0 ? 'muted' : 'pinned']: which === 0 };
}

async function readAll(person: Person, chatId: number): Promise<void> {
  const { body } = await ask(server, 'GET', `/messages/history/${chatId}?limit=1`, { token: person.token });
  const last: unknown = Array.isArray(body) ? body[0]?.id : undefined;
  if (typeof last === 'number') await ask(server, 'POST', `/messages/${chatId}/${last}/read`, { token: person.token });
}

function ahead(snapshot: ReturnType<Client['store']['snapshot']>): unknown {
  return { ...snapshot, chats: snapshot.chats.map((chat) => ({ ...chat, version: chat.version + 1_000_000 })) };
}

/** Whatever was done to their membership, they are in at the end; whoever of the others still is lets them in. */
async function letIn(groupId: number, others: Person[], person: Person): Promise<void> {
  for (const { token } of others) await ask(server, 'POST', `/groups/${groupId}/members/${person.id}`, { token });
}

/** Connects anew, and settles once all is told and nothing is on its way. */
async function settled(client: Client, idle: () => Promise<void>, person: Person): Promise<void> {
  client.stop();
  await client.start();
  const { body } = await ask(server, 'GET', '/chats/', { token: person.token });
  const chatIds = Object(body).chats.map(({ id }: { id: number }) => id);
  const all = (): boolean =>
    client.state.name === 'live' &&
    client.store.snapshot(0).chats.every(({ wanted_read_id: untold }) => untold === 0) &&
    chatIds.every(
      (chatId: number) =>
        client.store.chat(chatId) !== undefined &&
        client.store.messages(chatId)?.pending.every(({ failure }) => failure !== null) === true,
    );
  await until(client, all, ...chatIds);
  await idle();
  // Once more, with nothing to be sent: what is told now is all there is.
  client.stop();
  await client.start();
  await until(client, all, ...chatIds);
  await idle();
}

async function expectAsRestTells(client: Client, person: Person): Promise<void> {
  const chats = await client.api.chats.list();
  expect(client.store.inbox().map(({ id }) => id)).toEqual(chats.map(({ id }) => id));
  for (const chat of chats) {
    const { version: _, last_message: last, ...told } = chat;
    const view = client.store.chat(chat.id);
    expect(view).toMatchObject(told);
    if (last === null) expect(view?.last_message).toBeUndefined();
    else expect({ ...view?.last_message, is_read: last.is_read }).toEqual(last);

    const history = await client.api.messages.history(chat.id, { limit: 200 });
    for (const message of client.store.messages(chat.id)?.runs.flat() ?? []) {
      const { is_read: isRead, ...state } = history.find(({ id }) => id === message.id) ?? { is_read: undefined };
      expect(message).toEqual(state);
      if (message.sender_id === person.id) {
        expect(message.id <= (view?.others_read_id ?? 0)).toBe(isRead);
      }
    }
    const runs = client.store.messages(chat.id)?.runs ?? [];
    for (const run of runs) expect(run.map(({ id }) => id)).toEqual(run.map((_message, at) => (run[0]?.id ?? 0) + at));
    const members = client.store.members(chat.id);
    if (members !== undefined) expect(members).toEqual(await client.api.groups.members(chat.id));
    // Own messages stand once each, in the order in which they were written.
    const written = texts(client, chat.id).filter((text) => text.startsWith('written'));
    expect(new Set(written).size).toBe(written.length);
  }
}
