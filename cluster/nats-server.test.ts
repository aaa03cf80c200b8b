import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { startNatsCluster, startNatsServer, type NatsServer } from './nats-server.ts';

const nats = inject('nats');
const program = nats.program ?? '';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beseda-nats-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function ended(server: NatsServer): NatsServer {
  onTestFinished(async () => server.stop());
  return server;
}

/** What the server says of itself when it is connected to. */
async function info(server: NatsServer): Promise<Record<string, unknown>> {
  const socket = connect(server.port, '127.0.0.1');
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return JSON.parse(data.toString().replace(/^INFO /, '')) as Record<string, unknown>;
}

describe.skipIf(nats.program === undefined)('a NATS server of the tests', () => {
  test('comes back at the same port after a stop and after a kill', async () => {
    const server = ended(await startNatsServer({ program, folder }));
    const first = await info(server);
    await server.kill();
    await expect(info(server)).rejects.toThrow('ECONNREFUSED');
    await server.start();
    const second = await info(server);
    expect(second['port']).toBe(first['port']);
    expect(second['server_id']).not.toBe(first['server_id']);
    await server.stop();
    await server.start();
    expect((await info(server))['port']).toBe(first['port']);
  });

  test('several make a cluster', async () => {
    const servers = (await startNatsCluster({ program, folder }, 3)).map(ended);
    const [first] = servers;
    const known = async () => (first === undefined ? [] : (await info(first))['connect_urls']);
    await expect.poll(known, { timeout: 10_000 }).toHaveLength(3);
  });

  test('one that cannot start says why', async () => {
    await expect(startNatsServer({ program, folder, args: ['--config', 'absent'] })).rejects.toThrow(/absent/);
  });
});
