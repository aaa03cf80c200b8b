import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { lacksNats, startNatsServer, type NatsServer } from '../../testing/nats-server.ts';
import { describeBus } from './bus-contract.testing.ts';
import type { Bus } from './bus.ts';
import { createNatsBus, type NatsSettings } from './nats.ts';

interface Joined {
  bus: Bus;
  errors: Error[];
  /** Settles when the connection is, or comes to be, as asked. */
  until: (connected: boolean) => Promise<void>;
}

function settingsFor(server: NatsServer, changes: Partial<NatsSettings> = {}): NatsSettings {
  const anybody = { user: undefined, password: undefined, token: undefined, credentialsFile: undefined };
  const unencrypted = { tls: false, caFile: undefined, certFile: undefined, keyFile: undefined };
  return { servers: [`127.0.0.1:${server.port}`], ...anybody, ...unencrypted, ...changes };
}

function join(settings: NatsSettings): Joined {
  const errors: Error[] = [];
  const bus = createNatsBus(settings, { onError: (error) => errors.push(error), onConnection: () => {} });
  const until = async (wanted: boolean): Promise<void> =>
    new Promise((resolve) => {
      if (bus.connected() === wanted) resolve();
      else bus.onConnection((connected) => connected === wanted && resolve());
    });
  return { bus, errors, until };
}

async function natsServer(options: readonly string[] = []): Promise<NatsServer> {
  const started = await startNatsServer(options);
  onTestFinished(async () => started.stop());
  return started;
}

describe.skipIf(lacksNats())('the bus over NATS', () => {
  describeBus('NATS', async () => {
    const shared = await sharedServer();
    const { bus, until } = join(settingsFor(shared));
    await until(true);
    return bus;
  });

  let shared: Promise<NatsServer> | undefined;

  async function sharedServer(): Promise<NatsServer> {
    shared ??= startNatsServer();
    return shared;
  }

  afterAll(async () => (await shared)?.stop());

  test('a bus that is made before its server is there connects once it is, with all that was subscribed', async () => {
    const nats = await natsServer();
    await nats.kill();
    const [early, other] = [join(settingsFor(nats)), join(settingsFor(nats))];
    const heard = new Promise<string>((resolve) => {
      early.bus.subscribe('one', resolve);
    });
    other.bus.publish('one', () => 'said to nobody');
    await nats.start();
    await Promise.all([early.until(true), other.until(true)]);
    await early.bus.inForce();
    other.bus.publish('one', () => 'hello');
    expect(await heard).toBe('hello');
    await Promise.all([early.bus.close(), other.bus.close()]);
  });

  test('a bus that loses its server says so, drops what it is given, and hears again when the server is back', async () => {
    const nats = await natsServer();
    const [anna, boris] = [join(settingsFor(nats)), join(settingsFor(nats))];
    await Promise.all([anna.until(true), boris.until(true)]);
    const heard: string[] = [];
    const last = new Promise<void>((resolve) => {
      boris.bus.subscribe('one', (payload) => {
        heard.push(payload);
        if (payload === 'after') resolve();
      });
    });
    await boris.bus.inForce();
    await nats.kill();
    await Promise.all([anna.until(false), boris.until(false)]);
    anna.bus.publish('one', () => 'meanwhile');
    await anna.bus.inForce();
    await nats.start();
    await Promise.all([anna.until(true), boris.until(true)]);
    await boris.bus.inForce();
    anna.bus.publish('one', () => 'after');
    await last;
    expect(heard).toEqual(['after']);
    await Promise.all([anna.bus.close(), boris.bus.close()]);
  });

  test('a server that wants a password gets it, and who has the wrong one is told and tries on', async () => {
    const nats = await natsServer(['--user', 'anna', '--pass', 'right']);
    const wrong = join(settingsFor(nats, { user: 'anna', password: 'wrong' }));
    const right = join(settingsFor(nats, { user: 'anna', password: 'right' }));
    await right.until(true);
    await expect.poll(() => wrong.errors.map(String).join()).toMatch(/authorization/i);
    expect(wrong.bus.connected()).toBe(false);
    await Promise.all([wrong.bus.close(), right.bus.close()]);
  });

  test('of several servers, one that is dead does not matter', async () => {
    const [dead, alive] = [await natsServer(), await natsServer()];
    await dead.kill();
    const { bus, until } = join(settingsFor(alive, { servers: [`127.0.0.1:${dead.port}`, `127.0.0.1:${alive.port}`] }));
    await until(true);
    expect(bus.connected()).toBe(true);
    await bus.close();
  });
});
