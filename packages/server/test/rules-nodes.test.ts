import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMemoryNetwork } from '../src/bus/memory.ts';
import { ask, createGroup, sendText, signUp } from '../testing/api-client.ts';
import { joinChat, type Frame } from '../testing/chat-socket.ts';
import { connectToMain, type MainClient } from '../testing/main-socket.ts';
import { connectSynced } from '../testing/synced-client.ts';
import { createRandom } from '../testing/random.ts';
import { startTestNodes } from '../testing/test-nodes.ts';
import type { TestServer } from '../testing/test-server.ts';
import { choosy, troubled, type ChoosyBus, type TroubledBus } from '../testing/troubled-bus.ts';

async function startNodes(): Promise<{ one: TestServer; other: TestServer }> {
  const network = createMemoryNetwork();
  const nodes = await startTestNodes(2, () => network.connect());
  onTestFinished(async () => nodes.stop());
  const [one, other] = nodes.servers;
  if (one === undefined || other === undefined) throw new Error('two nodes were asked for');
  return { one, other };
}

const ofType =
  (type: string) =>
  (frame: Frame): boolean =>
    frame.type === type;

const upTo =
  (type: string, messageId: number | null) =>
  (frame: Frame): boolean =>
    frame.type === type && frame['message_id'] === messageId;

describe('several servers on one database are one', () => {
  test('WS5 what is written at one node reaches the sockets of the other, at both doors', async () => {
    const { one, other } = await startNodes();
    const [anna, boris] = [await signUp(one), await signUp(one)];
    const group = await createGroup(one, anna, [boris]);
    const hears = await connectSynced(other, boris);
    const hearsOneChat = await joinChat(other, group.id, boris.token);
    const message = await sendText(one, anna, group.id, 'from the other side');
    expect(await hears.next(ofType('message'))).toMatchObject({ id: message.id, text: 'from the other side' });
    expect(await hearsOneChat.next(ofType('message'))).toMatchObject({ id: message.id });
    await ask(one, 'PATCH', `/messages/${group.id}/1`, { token: anna.token, json: { text: 'edited' } });
    expect(await hears.next(ofType('message'))).toMatchObject({ text: 'edited', version: message.version + 1 });
    const writer = await connectSynced(one, anna);
    hears.send({ type: 'read', chat_id: group.id, message_id: 1 });
    expect(await writer.next(ofType('read'))).toMatchObject({ reader_id: boris.id, message_id: 1 });
    hearsOneChat.close();
  });

  test('MK2 MK5 MK6 marks and settings made at one node reach the other: delivered everyone, the rest the own devices alone', async () => {
    const { one, other } = await startNodes();
    const [anna, boris] = [await signUp(one), await signUp(one)];
    const group = await createGroup(one, anna, [boris]);
    await sendText(one, anna, group.id, 'hello');
    const [hers, his, alsoHis] = [
      await connectSynced(other, anna),
      await connectSynced(one, boris),
      await connectSynced(other, boris),
    ];
    his.send({ type: 'unread', chat_id: group.id, message_id: 1 });
    expect(await alsoHis.next(ofType('unread'))).toEqual({ type: 'unread', chat_id: group.id, message_id: 1 });
    his.send({ type: 'delivered', chat_id: group.id, message_id: 1 });
    const delivered = { type: 'delivered', chat_id: group.id, message_id: 1, user_id: boris.id };
    expect(await alsoHis.next(ofType('delivered'))).toEqual(delivered);
    expect(await hers.next(ofType('delivered'))).toEqual(delivered);
    await ask(one, 'PATCH', `/chats/${group.id}/settings`, { token: boris.token, json: { pinned: true } });
    const set = { type: 'settings', chat_id: group.id, muted: false, pinned: true };
    expect(await alsoHis.next(ofType('settings'))).toEqual(set);
    await sendText(one, anna, group.id, 'the last');
    await hers.next((frame) => frame['id'] === 2);
    expect(hers.frames.filter(({ type }) => ['unread', 'settings'].includes(type))).toEqual([]);
  });

  test('MK2 MK6 marks and settings of which the bus told nothing are found in the database', async () => {
    const nodes = await startTestNodes(2, () => createMemoryNetwork().connect());
    onTestFinished(async () => nodes.stop());
    const [one, other] = nodes.servers as [TestServer, TestServer];
    const [anna, boris] = [await signUp(one), await signUp(one)];
    const group = await createGroup(one, anna, [boris]);
    for (const text of ['one', 'two', 'three']) await sendText(one, anna, group.id, text);
    const [hers, alsoHis] = [await connectSynced(other, anna), await connectSynced(other, boris)];
    const mark = async (kind: string, id: number) =>
      ask(one, 'POST', `/messages/${group.id}/${id}/${kind}`, { token: boris.token });
    await mark('read', 1);
    await mark('delivered', 2);
    await mark('unread', 1);
    expect(await hers.next(upTo('read', 1))).toMatchObject({ reader_id: boris.id });
    expect(await hers.next(upTo('delivered', 2))).toMatchObject({ user_id: boris.id });
    await alsoHis.next(upTo('unread', 1));
    await ask(one, 'DELETE', `/chats/${group.id}/unread`, { token: boris.token });
    await alsoHis.next(upTo('unread', null));
    for (const muted of [true, false]) {
      await ask(one, 'PATCH', `/chats/${group.id}/settings`, { token: boris.token, json: { muted, pinned: true } });
      await alsoHis.next((frame) => frame['pinned'] === true && frame['muted'] === muted);
    }
    expect(hers.frames.filter((frame) => frame['pinned'] === true || upTo('unread', 1)(frame))).toEqual([]);
  });

  test('WS5 both nodes write into one chat at full speed: everybody hears all, in order', async () => {
    const { one, other } = await startNodes();
    const [anna, boris] = [await signUp(one), await signUp(one)];
    const group = await createGroup(one, anna, [boris]);
    const clients = [await connectSynced(one, anna), await connectSynced(other, boris)];
    const from = clients.map((client) => client.held.get(group.id)?.version ?? 0);
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) =>
        index % 2 === 0 ? sendText(one, anna, group.id, `${index}`) : sendText(other, boris, group.id, `${index}`),
      ),
    );
    for (const [index, client] of clients.entries()) {
      const versions: unknown[] = [];
      while (versions.length < 200) versions.push((await client.next(ofType('message')))['version']);
      expect(versions).toEqual(Array.from({ length: 200 }, (_, more) => (from[index] ?? 0) + more + 1));
    }
  });

  test('ID5 one client_id, 50 times at once over both nodes and both transports: one message', async () => {
    const { one, other } = await startNodes();
    const anna = await signUp(one);
    const group = await createGroup(one, anna);
    const clients = [await connectSynced(one, anna), await connectSynced(other, anna)];
    const clientId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const client = clients[index % 2];
        if (index % 3 !== 0 && client !== undefined) {
          const ref = `${index}`;
          client.send({ type: 'message', chat_id: group.id, text: 'once', client_id: clientId, ref });
          return (await client.next((frame) => frame['ref'] === ref))['message_id'];
        }
        const json = { text: 'once', client_id: clientId };
        const path = `/messages/${group.id}/send`;
        const { body } = await ask(index % 2 === 0 ? one : other, 'POST', path, { token: anna.token, json });
        return (body as { id: number }).id;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([1]));
    const { body } = await ask(one, 'GET', `/messages/history/${group.id}`, { token: anna.token });
    expect(body).toHaveLength(1);
  });

  test('WS5 a chat that one is put into at one node comes by itself at the other, and removal ends it there', async () => {
    const { one, other } = await startNodes();
    const [anna, boris] = [await signUp(one), await signUp(one)];
    const group = await createGroup(one, anna);
    const client = await connectSynced(other, boris);
    const member = `/groups/${group.id}/members/${boris.id}`;
    expect((await ask(one, 'POST', member, { token: anna.token })).status).toBe(204);
    expect(await client.next(ofType('chat'))).toMatchObject({ chat_id: group.id });
    await client.next(ofType('synced'));
    await ask(one, 'DELETE', member, { token: anna.token });
    expect(await client.next(ofType('member'))).toMatchObject({ user_id: boris.id, left_at: expect.any(String) });
    await sendText(one, anna, group.id, 'not for him');
    client.send({ type: 'ping', ref: 'end' });
    await client.next((frame) => frame['ref'] === 'end');
    expect(client.frames.filter((frame) => frame['text'] === 'not for him')).toEqual([]);
  });

  test('WS13 a session that ends at one node is over at the other before the answer to that', async () => {
    const { one, other } = await startNodes();
    const anna = await signUp(one);
    const client = await connectSynced(other, anna);
    expect((await ask(one, 'POST', '/auth/logout', { token: anna.token })).status).toBe(204);
    expect((await client.closed).code).toBe(4401);
  });
});

const isRemoval = (frame: Frame): boolean => frame.type === 'member' && typeof frame['left_at'] === 'string';

/** Boris has been removed at one node, and the other one has not heard of it; Anna is at the one, he and Vera at the other. */
async function unheardRemoval() {
  const network = createMemoryNetwork();
  const buses: ChoosyBus[] = [];
  const nodes = await startTestNodes(2, () => {
    const bus = choosy(network.connect());
    buses.push(bus);
    return bus;
  });
  onTestFinished(async () => nodes.stop());
  const [one, other] = nodes.servers as [TestServer, TestServer];
  const [anna, boris, vera] = [await signUp(one), await signUp(one), await signUp(one)];
  const group = await createGroup(one, anna, [boris, vera]);
  await sendText(one, anna, group.id, 'hello');
  const hers = await connectSynced(one, anna);
  const [his, veras] = [await connectSynced(other, boris), await connectSynced(other, vera)];
  // The other node does not hear that Boris is removed, but all that comes after it.
  for (const bus of buses) bus.lose((text) => text.includes('"left_at":"'));
  expect(await ask(one, 'DELETE', `/groups/${group.id}/members/${boris.id}`, { token: anna.token })).toMatchObject({
    status: 204,
  });
  return { one, vera, group, hers, his, veras };
}

/**
 * What both heard first: who is still in the chat of the removal and then a frame of a type, and who is removed. A mark
 * is a state, and may be told again.
 */
async function heardOf(type: string, { his, veras }: { his: MainClient; veras: MainClient }) {
  await veras.next(ofType(type));
  await his.next(isRemoval);
  his.send({ type: 'ping', ref: 'end' });
  await his.next((frame) => frame['ref'] === 'end');
  const heardBy = ({ frames }: MainClient): string[] => {
    const heard = frames.filter((frame) => isRemoval(frame) || frame.type === type).map((frame) => frame.type);
    return [...new Set(heard)];
  };
  return { byBoris: heardBy(his), byVera: heardBy(veras) };
}

describe('what has no version waits for the removals that came before it', () => {
  test('WS13 typing at another node does not reach who is removed, though this node does not know it yet', async () => {
    const { group, hers, his, veras } = await unheardRemoval();
    hers.send({ type: 'typing', chat_id: group.id, on: true });
    expect(await heardOf('typing', { his, veras })).toEqual({ byBoris: ['member'], byVera: ['member', 'typing'] });
  });

  test.each(['read', 'delivered'])('WS13 nor does a mark that is made there (%s)', async (kind) => {
    const { one, vera, group, his, veras } = await unheardRemoval();
    await ask(one, 'POST', `/messages/${group.id}/1/${kind}`, { token: vera.token });
    expect(await heardOf(kind, { his, veras })).toEqual({ byBoris: ['member'], byVera: ['member', kind] });
  });

  test('WS13 nor one that is made at this node itself, by somebody who is still in the chat', async () => {
    const { group, his, veras, hers } = await unheardRemoval();
    veras.send({ type: 'read', chat_id: group.id, message_id: 1 });
    await hers.next(ofType('read'));
    await his.next(isRemoval);
    his.send({ type: 'ping', ref: 'end' });
    await his.next((frame) => frame['ref'] === 'end');
    expect(his.frames.filter(ofType('read'))).toEqual([]);
  });
});

test('WS5 a node that the others do not hear is heard of through the database, and they by it', async () => {
  const network = createMemoryNetwork();
  const random = createRandom('CUT_SEED');
  const nodes = await startTestNodes(2, () => troubled(network.connect(), random, { drop: 1, double: 0, late: 0 }));
  onTestFinished(async () => nodes.stop());
  const [one, other] = nodes.servers;
  if (one === undefined || other === undefined) throw new Error('two nodes were asked for');
  const [anna, boris] = [await signUp(one), await signUp(one)];
  const clients = [await connectSynced(one, anna), await connectSynced(other, boris)];
  const group = await createGroup(one, anna, [boris]);
  await sendText(one, anna, group.id, 'from one');
  await sendText(other, boris, group.id, 'from the other');
  for (const client of clients) {
    await client.next((frame) => frame.type === 'chat' && frame['chat_id'] === group.id);
    await expect.poll(() => client.held.get(group.id)?.version, { timeout: 20_000 }).toBe(5);
  }
  // Signed out at one, gone from the other: it looks at the sessions of its sockets too.
  expect((await ask(one, 'POST', '/auth/logout', { token: boris.token })).status).toBe(204);
  expect((await clients[1]?.closed)?.code).toBe(4401);
});

/** How many rounds of trouble there are; each has its own nodes, people and chats. */
const ROUNDS = 3;

test('WS5 a bus that drops, doubles and reorders changes nothing that a client sees', async () => {
  const random = createRandom('BUS_SEED');
  process.stdout.write(`a troubled bus: ${random.told}\n`);
  for (let round = 0; round < ROUNDS; round += 1) {
    const network = createMemoryNetwork();
    const buses: TroubledBus[] = [];
    const nodes = await startTestNodes(3, () => {
      const bus = troubled(network.connect(), random, { drop: 0.2, double: 0.2, late: 20 });
      buses.push(bus);
      return bus;
    });
    try {
      await agreeInTheEnd(nodes.servers, buses);
    } finally {
      await nodes.stop();
    }
  }

  async function agreeInTheEnd(servers: TestServer[], buses: TroubledBus[]): Promise<void> {
    const at = (): TestServer => random.pick(servers);
    const people = [await signUp(at()), await signUp(at()), await signUp(at())];
    const [anna, ...others] = people;
    if (anna === undefined) throw new Error('there are three');
    const groups = [await createGroup(at(), anna, others), await createGroup(at(), anna, others)];
    const clients: MainClient[] = [];
    for (const person of [...people, ...people]) {
      const client = await connectToMain(at(), person.token);
      await client.sync();
      clients.push(client);
    }
    const writes = Array.from({ length: 60 }, async (_, index) => {
      const group = random.pick(groups);
      const { token } = random.pick(people);
      const act = random.below(4);
      if (act === 0) {
        return ask(at(), 'PUT', `/messages/${group.id}/1/reactions/${encodeURIComponent('🎉')}`, { token });
      }
      if (act === 1) return ask(at(), 'PATCH', `/groups/${group.id}`, { token, json: { name: `Name ${index}` } });
      return ask(at(), 'POST', `/messages/${group.id}/send`, { token, json: { text: `message ${index}` } });
    });
    await Promise.all(writes);
    for (const bus of buses) bus.calm();
    // What was lost is found with the next event of the chat at the latest.
    for (const group of groups) await sendText(at(), anna, group.id, 'the last');
    for (const client of clients) {
      for (const group of groups) {
        await client.next((frame) => frame['text'] === 'the last' && frame['chat_id'] === group.id);
        const { body } = await ask(at(), 'GET', `/chats/${group.id}/changes?since=0`, { token: anna.token });
        const fresh = body as { version: number; changes: Frame[] };
        const held = client.held.get(group.id);
        expect(held?.version).toBe(fresh.version);
        const messages = fresh.changes.filter(ofType('message'));
        expect(messages.map((frame) => held?.messages.get(Number(frame['id'])))).toEqual(messages);
        const live = client.frames.filter((frame) => frame['chat_id'] === group.id && 'version' in frame);
        const versions = live.map((frame) => Number(frame['version']));
        expect(versions).toEqual(versions.toSorted((a, b) => a - b));
        expect(new Set(versions).size).toBe(versions.length);
      }
      client.close();
    }
  }
}, 120_000);
