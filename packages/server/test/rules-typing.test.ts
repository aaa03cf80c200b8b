import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryNetwork } from '../src/bus/memory.ts';
import { GRACE_MS } from '../src/live/attendance.ts';
import { ask, createGroup, sendText, signUp } from '../testing/api-client.ts';
import type { Frame } from '../testing/chat-socket.ts';
import type { MainClient } from '../testing/main-socket.ts';
import { connectSynced } from '../testing/synced-client.ts';
import { startTestNodes, type TestNodes } from '../testing/test-nodes.ts';
import type { TestServer } from '../testing/test-server.ts';

let nodes: TestNodes;
let one: TestServer;
let other: TestServer;

beforeAll(async () => {
  const network = createMemoryNetwork();
  nodes = await startTestNodes(2, () => network.connect());
  [one, other] = nodes.servers as [TestServer, TestServer];
});
afterAll(async () => {
  await nodes.stop();
});

const typing = (frame: Frame): boolean => frame.type === 'typing';

/** Settles once the server has served all that the client has sent. */
async function served(client: MainClient): Promise<void> {
  client.send({ type: 'ping', ref: 'served' });
  await client.next((frame) => frame.type === 'pong');
}

/** The socket is closed, and the server has seen it. */
async function goAway(client: MainClient): Promise<void> {
  const seen = one.clock.waiting(GRACE_MS);
  client.close();
  await seen;
}

/** A group of three, each at a socket: Anna and Boris at one node, Vera at the other. */
async function scene() {
  const [anna, boris, vera] = [await signUp(one, 'anna'), await signUp(one, 'boris'), await signUp(one, 'vera')];
  const group = await createGroup(one, anna, [boris, vera]);
  return {
    people: { anna, boris, vera },
    group,
    anna: await connectSynced(one, anna),
    boris: await connectSynced(one, boris),
    vera: await connectSynced(other, vera),
    types: (on: boolean) => ({ type: 'typing', chat_id: group.id, on }),
  };
}

describe('WS14 typing', () => {
  test('WS14 TY1 who types is told to the members at once, at every node, and that they stopped too', async () => {
    const { people, group, anna, boris, vera, types } = await scene();
    anna.send(types(true));
    const told = { type: 'typing', chat_id: group.id, user_ids: [people.anna.id], count: 1 };
    for (const client of [anna, boris, vera]) expect(await client.next(typing)).toEqual(told);
    one.clock.advance(1);
    anna.send(types(false));
    for (const client of [boris, vera]) {
      expect(await client.next(typing)).toEqual({ ...told, user_ids: [], count: 0 });
    }
  });

  test('TY1 it is over 6 s after it was said last', async () => {
    const { boris, anna, types } = await scene();
    anna.send(types(true));
    expect(await boris.next(typing)).toMatchObject({ count: 1 });
    one.clock.advance(4);
    // Told again meanwhile, as clients forget what is not.
    expect(await boris.next(typing)).toMatchObject({ count: 1 });
    one.clock.advance(2.5);
    expect(await boris.next(typing)).toMatchObject({ user_ids: [], count: 0 });
  });

  test('TY1 sending a message ends it, over REST too, at every node', async () => {
    const { people, group, anna, vera, types } = await scene();
    anna.send(types(true));
    expect(await vera.next(typing)).toMatchObject({ count: 1 });
    one.clock.advance(1);
    await sendText(one, people.anna, group.id, 'here it is');
    expect(await vera.next(typing)).toMatchObject({ count: 0 });
  });

  test('TY1 the end of the socket ends it; two devices of one user count once, and end one by one', async () => {
    const { people, anna, vera, types } = await scene();
    const phone = await connectSynced(other, people.anna);
    anna.send(types(true));
    await served(anna);
    phone.send(types(true));
    expect(await vera.next(typing)).toMatchObject({ user_ids: [people.anna.id], count: 1 });
    one.clock.advance(1);
    await goAway(anna);
    one.clock.advance(2.5);
    // Told again, as clients forget what is not; at the phone they type on.
    expect(await vera.next(typing)).toMatchObject({ user_ids: [people.anna.id], count: 1 });
    await goAway(phone);
    one.clock.advance(1);
    expect(await vera.next(typing)).toMatchObject({ user_ids: [], count: 0 });
  });

  test('TY2 at most one frame a second in a chat, whoever types; five are named and all are counted', async () => {
    const crowd = await Promise.all(Array.from({ length: 8 }, async () => signUp(one, 'crowd')));
    const [first] = crowd;
    if (first === undefined) throw new Error('nobody came');
    const group = await createGroup(one, first, crowd.slice(1));
    const clients = await Promise.all(crowd.map(async (person) => connectSynced(one, person)));
    for (const client of clients) {
      client.send({ type: 'typing', chat_id: group.id, on: true });
      await served(client);
    }
    const [watcher] = clients;
    expect(watcher?.frames.filter(typing).map((frame) => frame['count'])).toEqual([1]);
    one.clock.advance(1);
    await watcher?.next(typing);
    const told = await watcher?.next(typing);
    expect(told).toMatchObject({ count: 8 });
    expect(told?.['user_ids']).toEqual(crowd.slice(0, 5).map(({ id }) => id));
    expect(watcher?.frames.filter(typing)).toHaveLength(2);
  });

  test('TY3 who syncs while somebody types is told right after', async () => {
    const { people, anna, boris, types } = await scene();
    anna.send(types(true));
    await boris.next(typing);
    const late = await connectSynced(one, people.boris);
    expect(await late.next(typing)).toMatchObject({ user_ids: [people.anna.id], count: 1 });
  });

  test('TY4 an outsider is refused, hears nothing, and is heard by nobody', async () => {
    const { boris, types } = await scene();
    const outsider = await connectSynced(one, await signUp(one, 'outsider'));
    outsider.send(types(true));
    expect(await outsider.next()).toMatchObject({ type: 'error', code: 'chat_not_found' });
    await served(boris);
    expect([...boris.frames, ...outsider.frames].filter(typing)).toEqual([]);
  });

  test('TY4 WS13 who is removed types no more, is refused, and hears nothing of it', async () => {
    const { people, group, anna, boris, vera, types } = await scene();
    boris.send(types(true));
    for (const client of [boris, vera]) expect(await client.next(typing)).toMatchObject({ count: 1 });
    one.clock.advance(1);
    await ask(one, 'DELETE', `/groups/${group.id}/members/${people.boris.id}`, { token: people.anna.token });
    expect(await vera.next(typing)).toMatchObject({ count: 0 });
    const heard = boris.frames.filter(typing).length;
    one.clock.advance(1);
    anna.send(types(true));
    expect(await vera.next(typing)).toMatchObject({ user_ids: [people.anna.id] });
    boris.send(types(true));
    expect(await boris.next((frame) => frame.type === 'error')).toMatchObject({ code: 'chat_not_found' });
    expect(boris.frames.filter(typing)).toHaveLength(heard);
  });

  test('TY5 more than 5 frames a second of one socket are passed over in silence', async () => {
    const { anna, boris, types } = await scene();
    for (let round = 0; round < 5; round += 1) anna.send(types(round % 2 === 1));
    anna.send(types(true));
    await served(anna);
    one.clock.advance(1);
    // The fifth ended it, and the sixth did not count.
    await served(boris);
    expect(boris.frames.filter(typing).map((frame) => frame['count'])).toEqual([1, 0]);
    expect(anna.frames.filter((frame) => frame.type === 'error')).toEqual([]);
  });
});
