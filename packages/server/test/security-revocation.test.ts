import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryNetwork } from '../src/bus/memory.ts';
import { createAccessTokens } from '../src/domain/access-tokens.ts';
import { openSession } from '../src/domain/sessions.ts';
import { ask, createGroup, sendText, signUp, type Person } from '../testing/api-client.ts';
import { joinChat, type TestSocket, type Frame } from '../testing/chat-socket.ts';
import { closeCodeIn, connectRaw, rawFrame } from '../testing/raw-socket.ts';
import { createRandom } from '../testing/random.ts';
import { startTestNodes, type TestNodes } from '../testing/test-nodes.ts';
import type { TestServer } from '../testing/test-server.ts';
import { troubled } from '../testing/troubled-bus.ts';

/** Of each race; the races together are a thousand rounds. */
const ROUNDS = 250;

const random = createRandom('REVOCATION_SEED');
let nodes: TestNodes;
/** The node where sockets listen. Posts and revocations come through either. */
let server: TestServer;
let owner: Person;
let guest: Person;

beforeAll(async () => {
  process.stdout.write(`revocations: ${random.told}\n`);
  const network = createMemoryNetwork();
  // What one node tells the other comes late, and not in the order in which it was told.
  nodes = await startTestNodes(2, () => troubled(network.connect(), random, { drop: 0, double: 0.1, late: 5 }));
  server = at(0);
  owner = await signUp(server, 'owner');
  guest = await signUp(server, 'guest');
});
afterAll(async () => {
  await nodes.stop();
});

function at(index: number): TestServer {
  const node = nodes.servers[index];
  if (node === undefined) throw new RangeError(`there is no node ${index}`);
  return node;
}

const anyNode = (): TestServer => random.pick(nodes.servers);

/** Another session of a person, without the cost of a password. */
async function session(person: Person): Promise<{ id: string; token: string }> {
  const device = { userAgent: undefined, address: undefined };
  const opened = await openSession(server.db, person.id, device, { idle: 1000, absolute: 1000 }, server.clock.now());
  const tokens = createAccessTokens(server.secret, 900, server.clock);
  return { id: opened.sessionId, token: await tokens.issue(opened) };
}

async function changes(groupId: number): Promise<Frame[]> {
  const { body } = await ask(server, 'GET', `/chats/${groupId}/changes?since=0`, { token: owner.token });
  return (body as { changes: Frame[] }).changes;
}

/** The version by which the guest left the group. */
async function fenceOf(groupId: number): Promise<number> {
  const leaving = (await changes(groupId)).find((frame) => frame.type === 'member' && frame['left_at'] !== null);
  return Number(leaving?.['version']);
}

/** Posts of both racing against something that ends what the guest hears, and all that the guest heard. */
async function race(end: () => Promise<number>, groupId: number, his: TestSocket): Promise<void> {
  const posts = [1, 2, 3].map(async (number) => sendText(anyNode(), owner, groupId, `at the same time ${number}`));
  const [status] = await Promise.all([end(), ...posts]);
  expect(status).toBe(204);
  await sendText(anyNode(), owner, groupId, 'after the fence');
  await his.closed;
}

describe('case 1: nothing follows a revocation, on either of two nodes', () => {
  test.each(['kicked', 'leaves'])(
    'WS13 a member who is or does so among posts: %s',
    async (how) => {
      let heardSomething = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const { id } = await createGroup(server, owner, [guest]);
        const his = await joinChat(server, id, guest.token);
        const [path, token] =
          how === 'kicked' ? [`${guest.id}`, owner.token] : (['me', guest.token] as [string, string]);
        const end = async (): Promise<number> =>
          (await ask(anyNode(), 'DELETE', `/groups/${id}/members/${path}`, { token })).status;
        await race(end, id, his);
        const fence = await fenceOf(id);
        const heard = his.frames.filter((frame) => typeof frame['version'] === 'number');
        expect(heard.filter((frame) => Number(frame['version']) > fence)).toEqual([]);
        // Up to the fence nothing is missing either: versions come one by one, and the last is the leaving.
        expect(heard.map((frame) => frame['version'])).toEqual(
          Array.from({ length: heard.length }, (_, index) => fence - heard.length + 1 + index),
        );
        expect(his.frames.some((frame) => frame['text'] === 'after the fence')).toBe(false);
        expect((await his.closed).code).toBe(1008);
        heardSomething += heard.length;
      }
      expect(heardSomething).toBeGreaterThan(0);
    },
    120_000,
  );

  test('WS13 a session that is ended among posts, by its owner or from elsewhere', async () => {
    const { id } = await createGroup(server, owner, [guest]);
    for (let round = 0; round < ROUNDS; round += 1) {
      const [doomed, other] = [await session(guest), await session(guest)];
      const his = await joinChat(server, id, doomed.token);
      const ways = [
        ['POST', '/auth/logout', doomed.token],
        ['DELETE', `/auth/sessions/${doomed.id}`, other.token],
        ['DELETE', '/auth/sessions', other.token],
      ] as const;
      const [method, path, token] = ways[round % 3] ?? ways[0];
      await race(async () => (await ask(anyNode(), method, path, { token })).status, id, his);
      expect(his.frames.some((frame) => frame['text'] === 'after the fence')).toBe(false);
      expect((await his.closed).code).toBe(4401);
    }
    guest.token = (await session(guest)).token;
  }, 120_000);

  test('WS13 a refresh token used twice ends the session, and its socket hears no more', async () => {
    const { id } = await createGroup(server, owner, [guest]);
    const thief = await signUp(server, 'robbed');
    expect((await ask(server, 'POST', `/groups/${id}/members/${thief.id}`, { token: owner.token })).status).toBe(204);
    const his = await joinChat(server, id, thief.token);
    const json = { grant_type: 'refresh_token', refresh_token: thief.refreshToken };
    expect((await ask(server, 'POST', '/auth/token', { json })).status).toBe(200);
    expect((await ask(server, 'POST', '/auth/token', { json })).status).toBe(401);
    await sendText(server, owner, id, 'after the fence');
    expect((await his.closed).code).toBe(4401);
    expect(his.frames.some((frame) => frame['text'] === 'after the fence')).toBe(false);
  });

  test('WS13 a socket that is being admitted while its session ends hears nothing of what follows', async () => {
    const { id } = await createGroup(server, owner, [guest]);
    for (let round = 0; round < ROUNDS; round += 1) {
      const doomed = await session(guest);
      const [raw] = await Promise.all([
        connectRaw(server, id, doomed.token),
        ask(anyNode(), 'POST', '/auth/logout', { token: doomed.token }),
      ]);
      await sendText(anyNode(), owner, id, `after the fence ${round}`);
      // The server ends it by a close frame; it need not be answered for nothing more to come.
      const codes = new Set([1008, 4401]);
      while (!codes.has(closeCodeIn(raw.received()) ?? 0)) {
        await raw.write(rawFrame('', { opcode: 9 }));
        await ask(server, 'GET', '/healthz');
      }
      expect(raw.received().includes('after the fence')).toBe(false);
      raw.destroy();
    }
  }, 120_000);

  test('WS13 a socket that does not answer the closing cannot send any more: session ended, member removed', async () => {
    const { id } = await createGroup(server, owner, [guest]);
    const doomed = await session(guest);
    const raw = await connectRaw(server, id, doomed.token);
    await raw.write(rawFrame('{"type":"message","text":"before","ref":"before"}'));
    await raw.until('"ref":"before"');
    await ask(server, 'POST', '/auth/logout', { token: doomed.token });
    await raw.until('no longer authenticated');
    await raw.write(rawFrame('{"type":"message","text":"from a ghost","ref":"ghost"}'));
    // A further connection is read after what was written before it: nothing on the wire says that a frame is ignored.
    for (let turn = 0; turn < 5; turn += 1) await sendText(server, owner, id, 'meanwhile');
    const { body } = await ask(server, 'GET', `/messages/history/${id}`, { token: owner.token });
    expect(JSON.stringify(body)).toContain('before');
    expect(JSON.stringify(body)).not.toContain('from a ghost');
    raw.destroy();
  });
});

describe('case 25: single-use tokens are used once', () => {
  test('50 redemptions of one refresh token at once: one success, and the session is over', async () => {
    const person = await signUp(server, 'refresher');
    const json = { grant_type: 'refresh_token', refresh_token: person.refreshToken };
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => ask(server, 'POST', '/auth/token', { json })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
    // Somebody else had the token: whoever won, nobody goes on with this session.
    expect((await ask(server, 'GET', '/users/me', { token: person.token })).status).toBe(401);
    const won = answers.find(({ status }) => status === 200)?.body as { access_token: string; refresh_token: string };
    expect((await ask(server, 'GET', '/users/me', { token: won.access_token })).status).toBe(401);
    const next = { grant_type: 'refresh_token', refresh_token: won.refresh_token };
    expect((await ask(server, 'POST', '/auth/token', { json: next })).status).toBe(401);
  });

  test('50 redemptions that ask for different next tokens: one success, and the session is over', async () => {
    const person = await signUp(server, 'chooser');
    const chosen = Array.from({ length: 50 }, () => randomBytes(32).toString('base64url'));
    const answers = await Promise.all(
      chosen.map(async (next) =>
        ask(server, 'POST', '/auth/token', {
          json: { grant_type: 'refresh_token', refresh_token: person.refreshToken, next_refresh_token: next },
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
    const won = answers.find(({ status }) => status === 200)?.body as { access_token: string };
    expect((await ask(server, 'GET', '/users/me', { token: won.access_token })).status).toBe(401);
  });

  test('case 26: after a change of password every other session is over, its refresh token too', async () => {
    const person = await signUp(server, 'changer');
    const other = await ask(server, 'POST', '/auth/token', {
      json: { username: person.username, password: person.password },
    });
    const { access_token, refresh_token } = other.body as { access_token: string; refresh_token: string };
    const { id } = await createGroup(server, person);
    const socket = await joinChat(server, id, access_token);
    const json = { current_password: person.password, new_password: 'another password' };
    expect((await ask(server, 'POST', '/auth/password', { token: person.token, json })).status).toBe(204);
    expect((await socket.closed).code).toBe(4401);
    expect((await ask(server, 'GET', '/users/me', { token: access_token })).status).toBe(401);
    const again = await ask(server, 'POST', '/auth/token', { json: { grant_type: 'refresh_token', refresh_token } });
    expect(again.status).toBe(401);
    expect((await ask(server, 'GET', '/users/me', { token: person.token })).status).toBe(200);
  });
});
