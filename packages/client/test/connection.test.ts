import { closeCodes } from '@beseda/protocol/close-codes.ts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ask, createGroup, sendText, signUp, type Person } from '../../server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import type { Client, ClientOptions } from '../src/client.ts';
import type { ConnectionState } from '../src/live/connection-state.ts';
import type { SocketLike } from '../src/live/socket-like.ts';
import { createManualClock, type ManualClock } from './clock.testing.ts';
import { createNetwork, type Network } from './network.testing.ts';
import { clientOf, live, texts, until } from './people.testing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

interface Scene {
  client: Client;
  clock: ManualClock;
  network: Network;
  states: ConnectionState['name'][];
}

async function scene(person: Person, options: Partial<ClientOptions> = {}): Promise<Scene> {
  const [clock, network] = [createManualClock(), createNetwork()];
  const { openSocket, fetch } = network;
  const client = await clientOf(server, person, { clock, openSocket, fetch, random: () => 0.5, ...options });
  onTestFinished(() => client.stop());
  const states: ConnectionState['name'][] = [];
  client.onState(({ name }) => states.push(name));
  return { client, clock, network, states };
}

const isIn = async (client: Client, name: ConnectionState['name']): Promise<void> =>
  until(client, () => client.state.name === name);

describe('the connection', () => {
  test('goes from connecting over signing in and syncing to live', async () => {
    const { client, states } = await scene(await signUp(server));
    await live(client);
    client.stop();
    expect(states).toEqual(['connecting', 'signing in', 'syncing', 'live', 'offline']);
  });

  test('WS12 a peer that has gone without a word is found within 45 s', async () => {
    const { client, clock, network } = await scene(await signUp(server));
    await live(client);
    network.swallow();
    clock.advance(45_000);
    expect(client.state.name).not.toBe('live');
  });

  test('a peer that answers stays connected, however long nothing happens', async () => {
    const { client, clock, network } = await scene(await signUp(server));
    await live(client);
    const group = await client.api.groups.create({ name: 'quiet' });
    for (let index = 1; index <= 5; index += 1) {
      clock.advance(20_000);
      // Frames are answered in order: when this has come, the ping was answered too.
      await client.send(group.id, `${index}`);
      await until(client, () => texts(client, group.id).includes(`${index}`), group.id);
    }
    expect([client.state.name, network.opened]).toEqual(['live', 1]);
  });

  test('tries again after delays that grow up to 10 s, of which chance takes a part', async () => {
    const { client, clock, network } = await scene(await signUp(server));
    network.setDown(true);
    const delays: number[] = [];
    await client.start();
    for (let index = 0; index < 9; index += 1) {
      await isIn(client, 'waiting');
      const delay = client.state.name === 'waiting' ? client.state.until - clock.now() : 0;
      delays.push(delay);
      clock.advance(delay);
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000, 5000]);
    await isIn(client, 'waiting');
    network.setDown(false);
    clock.advance(5000);
    await isIn(client, 'live');
  });

  test('WS10 a live connection that the server sees off with 1001 comes back within a second, while one that breaks waits longer', async () => {
    const { client, clock, network } = await scene(await signUp(server), { random: () => 0.999 });
    await live(client);
    for (let time = 0; time < 5; time += 1) {
      network.close(1001);
      expect(client.state.name).toBe('waiting');
      clock.advance(1000);
      await isIn(client, 'live');
    }
    // One that breaks soon after it was live has not proved itself, and waits longer from time to time.
    for (let time = 0; time < 5; time += 1) {
      network.cut();
      expect(client.state.name).toBe('waiting');
      clock.advance(10_000);
      await isIn(client, 'live');
    }
    network.cut();
    clock.advance(1000);
    expect(client.state.name).toBe('waiting');
  });

  test('waits as long as the server asks for', async () => {
    const person = await signUp(server);
    const busy = { type: 'about:blank', title: '', status: 503, detail: '', code: 'unavailable', retry_after: 60 };
    const { client, clock } = await scene(person, {
      tokens: { load: async () => expired(person), save: async () => {} },
      fetch: async () => ({ status: 503, text: async () => JSON.stringify(busy) }),
    });
    await client.start();
    await isIn(client, 'waiting');
    expect(client.state).toEqual({ name: 'waiting', until: clock.now() + 60_250 });
  });

  test('a hint that the network is there ends the wait, and finds out whether a connection still lives', async () => {
    const { client, clock, network } = await scene(await signUp(server));
    await live(client);
    network.setDown(true);
    network.cut();
    await isIn(client, 'waiting');
    network.setDown(false);
    client.online();
    await isIn(client, 'live');
    network.swallow();
    client.online();
    clock.advance(5000);
    expect(client.state.name).toBe('waiting');
  });

  test('WS4 what was missed while it was cut off is told once it is back', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const { client, network } = await scene(person);
    await live(client, group.id);
    network.cut();
    await sendText(server, person, group.id, 'missed');
    client.online();
    await until(client, () => texts(client, group.id).includes('missed'), group.id);
    expect(client.store.chat(group.id)).toMatchObject({ last_message_id: 1, unread_count: 0 });
  });

  test('MK5 MK6 what was marked and set, and is taken back while it was cut off, is gone with the next sync', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    await sendText(server, person, group.id, 'hello');
    const { client, network } = await scene(person);
    await live(client, group.id);
    await client.markUnread(group.id, 1);
    await client.updateChatSettings(group.id, { muted: true, pinned: true });
    expect(client.store.chat(group.id)).toMatchObject({ marked_unread_id: 1, muted: true, pinned: true });
    network.cut();
    const as = async (method: string, path: string, json?: object) =>
      ask(server, method, `/chats/${group.id}/${path}`, { token: person.token, json });
    await as('DELETE', 'unread');
    await as('PATCH', 'settings', { muted: false, pinned: false });
    client.online();
    await isIn(client, 'live');
    expect(client.store.chat(group.id)).toMatchObject({ marked_unread_id: null, muted: false, pinned: false });
  });

  test('MK6 what cannot be told to the server is taken back here', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const { client, network } = await scene(person);
    await live(client, group.id);
    await client.updateChatSettings(group.id, { muted: true });
    network.setDown(true);
    network.cut();
    const told = client.updateChatSettings(group.id, { muted: false, pinned: true });
    expect(client.store.chat(group.id)).toMatchObject({ muted: false, pinned: true });
    await expect(told).rejects.toMatchObject({ code: 'unreachable' });
    expect(client.store.chat(group.id)).toMatchObject({ muted: true, pinned: false });
  });

  test('MK6 a start without a network knows what was set; a snapshot from before there were settings is taken too', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const { client } = await scene(person);
    await live(client, group.id);
    await client.updateChatSettings(group.id, { pinned: true });
    const snapshot = client.store.snapshot();
    const started = await clientOf(server, person, { snapshot });
    expect(started.store.chat(group.id)).toMatchObject({ muted: false, pinned: true });
    const earlier: unknown = JSON.parse(
      JSON.stringify(snapshot, (key, value: unknown) => (key === 'settings' ? undefined : value)),
    );
    const old = await clientOf(server, person, { snapshot: earlier });
    expect(old.store.chat(group.id)).toMatchObject({ muted: false, pinned: false });
    await live(old);
    expect(old.store.chat(group.id)).toMatchObject({ pinned: true });
    old.stop();
  });

  test('an access token that has run out is renewed on the way', async () => {
    const person = await signUp(server);
    const { client, clock, network } = await scene(person);
    server.clock.advance(3600);
    await client.start();
    // The server refuses the token, which by this device's clock is still good.
    await isIn(client, 'waiting');
    clock.advance(30_000);
    await isIn(client, 'live');
    expect(network.requests).toContain('POST /api/v1/auth/token');
  });

  test('requests at once share one renewal of the token, as a refresh token is for one use', async () => {
    const person = await signUp(server);
    const { client, clock, network } = await scene(person);
    clock.advance(900_000);
    const [one, other] = await Promise.all([client.api.account.get(), client.api.account.get()]);
    expect([one.id, other.id]).toEqual([person.id, person.id]);
    expect(network.requests.filter((path) => path.endsWith('/auth/token'))).toHaveLength(1);
  });

  test('the end of the session is told as that, and signing in goes on from it', async () => {
    const person = await signUp(server);
    const { client, clock } = await scene(person);
    await live(client);
    await ask(server, 'POST', '/auth/logout', { token: person.token });
    await isIn(client, 'waiting');
    clock.advance(30_000);
    await isIn(client, 'signed out');
    await expect(client.api.account.get()).rejects.toMatchObject({ code: 'signed_out' });
    await client.signIn(person.username, person.password);
    await isIn(client, 'live');
  });

  test('signing out ends the session and forgets all that is held', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const { client } = await scene(person);
    await live(client, group.id);
    await client.signOut();
    expect(client.store.inbox()).toEqual([]);
    expect(client.userId).toBe(0);
    expect((await ask(server, 'GET', '/users/me', { token: person.token })).status).toBe(401);
  });

  test.each(Object.values(closeCodes))('WS10 close code $code: $reconnect', async ({ code, reason, reconnect }) => {
    const opened = Promise.withResolvers<(event: { code: number; reason: string }) => void>();
    const { client } = await scene(await signUp(server), {
      openSocket: (): SocketLike => ({
        addEventListener: (type, listener) => {
          if (type === 'close') opened.resolve(listener as (event: object) => void);
        },
        send: () => {},
        close: () => {},
      }),
    });
    await client.start();
    const close = await opened.promise;
    close({ code, reason });
    expect(client.state.name).toBe(reconnect === 'no' ? 'offline' : 'waiting');
  });

  test('a server of another protocol is left alone, and why is told', async () => {
    const { client } = await scene(await signUp(server), {
      openSocket: (url) => {
        const socket = new WebSocket(url);
        socket.addEventListener('open', () => {
          const hello = { type: 'hello', user_id: 1, session_id: crypto.randomUUID(), protocol: 99, heartbeat_s: 20 };
          socket.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(hello) }));
        });
        return socket;
      },
    });
    await client.start();
    await isIn(client, 'offline');
    expect(client.state).toMatchObject({ reason: expect.stringContaining('version 99 of the protocol') });
  });

  test('a frame that has no known shape is passed over and told', async () => {
    const problems: unknown[] = [];
    const person = await signUp(server);
    const { client } = await scene(person, {
      openSocket: (url) => {
        const socket = new WebSocket(url);
        socket.addEventListener('open', () => {
          for (const data of ['{"type":"message"}', '{', '{"type":"of a newer server"}']) {
            socket.dispatchEvent(new MessageEvent('message', { data }));
          }
        });
        return socket;
      },
      onProblem: (problem) => problems.push(problem),
    });
    await live(client);
    expect(problems).toMatchObject([{ code: 'unexpected_answer' }, { code: 'unexpected_answer' }]);
  });
});

function expired(person: Person) {
  return { user_id: person.id, access_token: 'old', expires_at: 0, refresh_token: person.refreshToken };
}
