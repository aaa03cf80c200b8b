import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createNatsBus } from '../src/bus/nats.ts';
import { parseNatsAddress } from '../src/nats-address.ts';
import { createGroup, sendText, signUp, type Person } from '../testing/api-client.ts';
import type { Frame } from '../testing/chat-socket.ts';
import { connectToMain, type MainClient } from '../testing/main-socket.ts';
import { lacksNats, startNatsServer, type NatsServer } from '../testing/nats-server.ts';
import { startTestNodes, type TestNodes } from '../testing/test-nodes.ts';

let nats: NatsServer;
let nodes: TestNodes;

beforeAll(async () => {
  nats = await startNatsServer();
  const address = parseNatsAddress(`nats://127.0.0.1:${nats.port}`);
  if (address === undefined) throw new Error('an address of NATS');
  const files = { credentialsFile: undefined, caFile: undefined, certFile: undefined, keyFile: undefined };
  nodes = await startTestNodes(2, () =>
    createNatsBus({ ...address, ...files }, { onError: () => {}, onConnection: () => {} }),
  );
});
afterAll(async () => {
  await nodes.stop();
  await nats.stop();
});

interface Pair {
  anna: Person;
  groupId: number;
  /** Listens at the node where Anna does not write. */
  boris: MainClient;
}

async function pair(): Promise<Pair> {
  const [one, other] = nodes.servers;
  if (one === undefined || other === undefined) throw new Error('two nodes were asked for');
  const [anna, his] = [await signUp(one), await signUp(one)];
  const group = await createGroup(one, anna, [his]);
  const boris = await connectToMain(other, his.token);
  onTestFinished(() => boris.close());
  await boris.sync();
  return { anna, groupId: group.id, boris };
}

async function say({ anna, groupId }: Pair, text: string): Promise<void> {
  const [one] = nodes.servers;
  if (one === undefined) throw new Error('two nodes were asked for');
  await sendText(one, anna, groupId, text);
}

const saying =
  (text: string) =>
  (frame: Frame): boolean =>
    frame['text'] === text;

describe.skipIf(lacksNats())('nodes over NATS', () => {
  test('WS5 what is written at one node is heard at the other', async () => {
    const talk = await pair();
    await say(talk, 'over NATS');
    await talk.boris.next(saying('over NATS'));
    expect(talk.boris.frames.filter((frame) => frame.type === 'message')).toHaveLength(1);
  });

  test('WS5 without NATS what is written is heard all the same, and once only when NATS is back', async () => {
    const talk = await pair();
    await nats.kill();
    for (const text of ['one', 'two', 'three']) {
      await say(talk, text);
      // Nothing else happens in the chat: the node finds it by itself.
      await talk.boris.next(saying(text));
    }
    await nats.start();
    await say(talk, 'four');
    await talk.boris.next(saying('four'));
    const texts = talk.boris.frames.filter((frame) => frame.type === 'message').map((frame) => frame['text']);
    expect(texts).toEqual(['one', 'two', 'three', 'four']);
  });

  test('WS5 a chat that one comes into while NATS is away comes by itself', async () => {
    const [one] = nodes.servers;
    if (one === undefined) throw new Error('two nodes were asked for');
    const talk = await pair();
    await nats.kill();
    const clara = await signUp(one);
    const his = talk.boris.frames.find((frame) => frame.type === 'hello');
    const boris = { ...clara, id: Number(his?.['user_id']) };
    const group = await createGroup(one, clara, [boris]);
    expect(await talk.boris.next((frame) => frame.type === 'chat' && frame['chat_id'] === group.id)).toMatchObject({
      is_group: true,
    });
    await nats.start();
  });
});
