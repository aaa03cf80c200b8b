import { Account, Person as Seen } from '@beseda/protocol/users.ts';
import { ChatPresence } from '@beseda/protocol/presence.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryNetwork } from '../src/bus/memory.ts';
import { GRACE_MS } from '../src/live/attendance.ts';
import { ask, createGroup, expectAnswer, openChat, signUp, type Person } from '../testing/api-client.ts';
import { joinChat, type Frame } from '../testing/chat-socket.ts';
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

function usersOf(frame: Frame): Frame[] {
  return frame.type === 'presence' ? (frame['users'] as Frame[]) : [];
}

/** The next word on a user, or the next that says that they are there, or not. */
async function wordOn(client: MainClient, person: Person, online?: boolean): Promise<Frame> {
  const isIt = (user: Frame): boolean =>
    user['user_id'] === person.id && (online === undefined || user['online'] === online);
  const frame = await client.next((told) => usersOf(told).some(isIt));
  const word = usersOf(frame).find(isIt);
  if (word === undefined) throw new Error('no word');
  return word;
}

/** The socket is closed, the server has seen it, and the time for coming back has passed. */
async function goAway(server: TestServer, client: MainClient): Promise<void> {
  const seen = server.clock.waiting(GRACE_MS);
  client.close();
  await client.closed;
  await seen;
  server.clock.advance(GRACE_MS / 1000);
}

async function friends(): Promise<{ anna: Person; boris: Person; chatId: number }> {
  const [anna, boris] = [await signUp(one, 'anna'), await signUp(one, 'boris')];
  return { anna, boris, chatId: (await openChat(one, anna, boris)).id };
}

async function hide(person: Person, last_seen_visible = false): Promise<Account> {
  const json = { last_seen_visible };
  return expectAnswer(ask(one, 'PATCH', '/users/me', { token: person.token, json }), 200, Account);
}

async function look(viewer: Person, person: Person): Promise<Seen> {
  return expectAnswer(ask(one, 'GET', `/users/${person.id}`, { token: viewer.token }), 200, Seen);
}

async function lookIn(viewer: Person, chatId: number): Promise<ChatPresence> {
  return expectAnswer(ask(one, 'GET', `/chats/${chatId}/presence`, { token: viewer.token }), 200, ChatPresence);
}

/** How a further socket of a stranger's, told of last, shows that all before it was told. */
async function settled(client: MainClient, companion: Person): Promise<void> {
  const socket = await connectSynced(one, companion);
  await wordOn(client, companion);
  socket.close();
}

describe('WS14 presence', () => {
  test('WS14 PR1 who comes online is told to those who share a personal chat, at every node', async () => {
    const { anna, boris } = await friends();
    const hers = await connectSynced(one, anna);
    await connectSynced(other, boris);
    expect(await wordOn(hers, boris)).toEqual({ user_id: boris.id, online: true, last_seen_at: null });
    expect(await look(anna, boris)).toMatchObject({ online: true, last_seen_at: null });
  });

  test('PR1 a socket at the door of one chat counts as well', async () => {
    const { anna, boris, chatId } = await friends();
    const hers = await connectSynced(one, anna);
    const his = await joinChat(one, chatId, boris.token);
    expect(await wordOn(hers, boris)).toMatchObject({ online: true });
    his.close();
  });

  test('PR1 PR4 who has been gone for 10 s is offline, and was last seen when the last socket closed', async () => {
    const { anna, boris, chatId } = await friends();
    const hers = await connectSynced(one, anna);
    const his = await connectSynced(other, boris);
    await wordOn(hers, boris);
    const closedAt = one.clock.now().toISOString();
    await goAway(other, his);
    expect(await wordOn(hers, boris, false)).toMatchObject({ last_seen_at: closedAt });
    expect(await look(anna, boris)).toMatchObject({ online: false, last_seen_at: closedAt });
    expect(await lookIn(anna, chatId)).toEqual({
      online_count: 1,
      users: [
        { user_id: anna.id, online: true, last_seen_at: null },
        { user_id: boris.id, online: false, last_seen_at: closedAt },
      ],
    });
  });

  test('PR1 a page that is loaded anew is no going and coming', async () => {
    const { anna, boris } = await friends();
    const vera = await signUp(one, 'vera');
    await openChat(one, anna, vera);
    const hers = await connectSynced(one, anna);
    const his = await connectSynced(one, boris);
    await wordOn(hers, boris);
    const seen = one.clock.waiting(GRACE_MS);
    his.close();
    await seen;
    one.clock.advance(GRACE_MS / 1000 - 1);
    await connectSynced(one, boris);
    one.clock.advance(60);
    await settled(hers, vera);
    expect(JSON.stringify(hers.frames)).not.toContain(`{"user_id":${boris.id},"online":false`);
  });

  test('PR2 after a sync come those who are online, and when those of personal chats were last', async () => {
    const { anna, boris } = await friends();
    const [vera, gleb] = [await signUp(one, 'vera'), await signUp(one, 'gleb')];
    await createGroup(one, anna, [vera, gleb]);
    await connectSynced(other, vera);
    const [first, his] = [await connectSynced(one, anna), await connectSynced(one, boris)];
    await wordOn(first, boris, true);
    await goAway(one, his);
    await wordOn(first, boris, false);
    const hers = await connectSynced(one, anna);
    await wordOn(hers, vera, true);
    const frame = hers.frames.find(({ type }) => type === 'presence');
    expect(hers.frames.findIndex(({ type }) => type === 'synced')).toBeLessThan(
      hers.frames.findIndex(({ type }) => type === 'presence'),
    );
    expect(frame?.['users']).toEqual([
      { user_id: vera.id, online: true, last_seen_at: null },
      { user_id: boris.id, online: false, last_seen_at: expect.stringMatching(/Z$/) },
    ]);
  });

  test('PR2 who is put into a group hears who is there, and is heard of', async () => {
    const [anna, boris] = [await signUp(one, 'anna'), await signUp(one, 'boris')];
    const group = await createGroup(one, anna);
    const hers = await connectSynced(one, anna);
    const his = await connectSynced(other, boris);
    await ask(one, 'POST', `/groups/${group.id}/members/${boris.id}`, { token: anna.token });
    expect(await wordOn(his, anna)).toMatchObject({ online: true });
    expect(await wordOn(hers, boris)).toMatchObject({ online: true });
  });

  test('PR3 who shares no chat is told nothing, by socket or by request', async () => {
    const { anna, boris } = await friends();
    const vera = await signUp(one, 'vera');
    await openChat(one, vera, await signUp(one, 'gleb'));
    const companion = await signUp(one, 'companion');
    await openChat(one, vera, companion);
    const outsider = await connectSynced(one, vera);
    const hers = await connectSynced(one, anna);
    await connectSynced(one, boris);
    await wordOn(hers, boris);
    await settled(outsider, companion);
    expect(JSON.stringify(outsider.frames.filter(({ type }) => type === 'presence'))).not.toContain(
      `"user_id":${boris.id},`,
    );
    expect(await look(vera, boris)).toMatchObject({ online: false, last_seen_at: null });
  });

  test('PR3 WS13 who is removed is told no more', async () => {
    const [anna, boris, vera] = [await signUp(one, 'anna'), await signUp(one, 'boris'), await signUp(one, 'vera')];
    const group = await createGroup(one, anna, [boris, vera]);
    const companion = await signUp(one, 'companion');
    await openChat(one, vera, companion);
    const [hers, removed] = [await connectSynced(one, anna), await connectSynced(other, vera)];
    await ask(one, 'DELETE', `/groups/${group.id}/members/${vera.id}`, { token: anna.token });
    await removed.next((frame) => frame.type === 'member' && frame['left_at'] !== null);
    await connectSynced(one, boris);
    await wordOn(hers, boris);
    await settled(removed, companion);
    expect(JSON.stringify(removed.frames)).not.toContain(`{"user_id":${boris.id},"online"`);
    expect(await look(vera, boris)).toMatchObject({ online: false });
  });

  test('PR5 who hides is offline to all, and sees nobody; who shows themself again is seen', async () => {
    const { anna, boris, chatId } = await friends();
    const hers = await connectSynced(one, anna);
    await connectSynced(other, boris);
    expect(await wordOn(hers, boris)).toMatchObject({ online: true });
    expect(await hide(boris)).toMatchObject({ last_seen_visible: false });
    one.clock.advance(10);
    expect(await wordOn(hers, boris, false)).toMatchObject({ last_seen_at: null });
    expect(await look(anna, boris)).toMatchObject({ online: false, last_seen_at: null });
    expect(await lookIn(anna, chatId)).toMatchObject({ online_count: 1 });
    expect(await look(boris, anna)).toMatchObject({ online: false, last_seen_at: null });
    expect(await lookIn(boris, chatId)).toEqual({ online_count: 0, users: [] });
    const again = await connectSynced(other, boris);
    await again.sync();
    expect(again.frames.filter(({ type }) => type === 'presence')).toEqual([]);
    await hide(boris, true);
    one.clock.advance(10);
    await wordOn(hers, boris, true);
  });

  test('PR4 of one who hides nothing is stored, and what was is forgotten', async () => {
    const { anna, boris } = await friends();
    const hers = await connectSynced(one, anna);
    const his = await connectSynced(one, boris);
    await wordOn(hers, boris, true);
    await goAway(one, his);
    expect(await wordOn(hers, boris, false)).toMatchObject({ last_seen_at: expect.any(String) });
    await hide(boris);
    await hide(boris, true);
    expect(await look(anna, boris)).toMatchObject({ online: false, last_seen_at: null });
  });
});
