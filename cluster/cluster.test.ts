import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { createGroup, sendText, signUp } from '../packages/server/testing/api-client.ts';
import { connectToMain } from '../packages/server/testing/main-socket.ts';
import { requireNats } from './require-nats.ts';

const PROGRAM = fileURLToPath(new URL('main.ts', import.meta.url));
const nats = inject('nats');

/** The PATH, with the NATS server that was found for the tests, wherever that is. */
const PATH = [dirname(nats.program ?? '/nowhere'), process.env['PATH']].join(delimiter);

function run(args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const ended = once(child, 'close').then(([code]) => Number(code));
  return { output: () => output, ended, signal: (name: NodeJS.Signals) => child.kill(name) };
}

test('--help tells what it does', async () => {
  const { output, ended } = run(['--help']);
  expect(await ended).toBe(0);
  expect(output()).toContain('npm run cluster');
});

test.each([
  [['--nodes', 'two'], /^--nodes: expected a whole number from 1 to 16, got "two"$/m],
  [['--prot', '1'], /Unknown option '--prot'[^]*See npm run cluster -- --help\.$/m],
])('%j is told in a line that names it', async (args, message) => {
  const { output, ended } = run(args);
  expect(await ended).toBe(1);
  expect(output()).toMatch(message);
  expect(output()).not.toMatch(/^ {4}at /m);
});

describe.skipIf(nats.program === undefined)('npm run cluster', () => {
  test('two servers behind one address, which live on when one is killed, and all end with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'beseda-cluster-test-'));
    onTestFinished(async () => rm(folder, { recursive: true, force: true }));
    const cluster = run(['--port', '0', '--data-dir', join(folder, 'data')]);
    onTestFinished(async () => {
      cluster.signal('SIGTERM');
      await cluster.ended;
    });
    await expect.poll(cluster.output, { timeout: 30_000 }).toMatch(/Ctrl-C stops all/);
    const url = /^Beseda is at (\S+)/m.exec(cluster.output())?.[1] ?? '';
    const nodes = [...cluster.output().matchAll(/^ {2}pid (\d+) at (\S+)/gm)];
    const [first, second] = nodes.map(([, , address]) => ({ url: address ?? '' }));
    if (first === undefined || second === undefined) throw new Error('there are not two servers');

    const anna = await signUp(first, 'anna');
    const ben = await signUp(second, 'ben');
    const group = await createGroup({ url }, anna, [ben]);
    const socket = await connectToMain(second, ben.token);
    await socket.sync();
    await sendText(first, anna, group.id, 'over the bus');
    expect(await socket.next((frame) => frame['text'] === 'over the bus')).toMatchObject({ chat_id: group.id });

    process.kill(Number(nodes[0]?.[1]), 'SIGKILL');
    await sendText({ url }, anna, group.id, 'after the death of one');
    await expect.poll(cluster.output, { timeout: 20_000 }).toMatch(/Server 1 has ended; it is started again/);
    await expect.poll(() => cluster.output().match(/^\[1\] Beseda is at/gm)?.length, { timeout: 20_000 }).toBe(2);
    socket.close();
    cluster.signal('SIGTERM');
    expect(await cluster.ended).toBe(0);
    expect(cluster.output()).toMatch(/^Stopped\.$/m);
    await expect(fetch(`${second.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});

test('without nats-server it says what to install', () => {
  expect(() => requireNats('/nonexistent', [])).toThrow(/no nats-server on the PATH[^]*apt-get install nats-server/);
});
