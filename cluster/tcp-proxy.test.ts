import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

interface Line {
  proxy: TcpProxy;
  client: Socket;
  server: Socket;
}

/** A client that speaks to a server through the proxy. */
async function line(): Promise<Line> {
  const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const proxy = await startTcpProxy({
    open: async () => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      await once(socket, 'connect');
      return socket;
    },
  });
  const accepted = once(listener, 'connection');
  const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  const [server] = (await accepted) as [Socket];
  onTestFinished(async () => {
    client.destroy();
    server.destroy();
    await proxy.close();
    listener.close();
  });
  await expect.poll(() => proxy.connections().length).toBe(1);
  return { proxy, client, server };
}

async function heard(socket: Socket): Promise<string> {
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
}

async function errorOf(socket: Socket): Promise<unknown> {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code;
}

test('passes bytes both ways, and the end of each side', async () => {
  const { client, server } = await line();
  client.write('up');
  expect(await heard(server)).toBe('up');
  server.write('down');
  expect(await heard(client)).toBe('down');
  client.end();
  await once(server, 'end');
  server.write('still');
  expect(await heard(client)).toBe('still');
});

test('cuts: both sides get a reset', async () => {
  const { proxy, client, server } = await line();
  const errors = Promise.all([errorOf(client), errorOf(server)]);
  proxy.connections()[0]?.cut();
  expect(await errors).toEqual(['ECONNRESET', 'ECONNRESET']);
  await expect.poll(() => proxy.connections()).toEqual([]);
});

test('ends: both sides are told politely', async () => {
  const { proxy, client, server } = await line();
  client.resume();
  server.resume();
  const ends = Promise.all([once(client, 'end'), once(server, 'end')]);
  proxy.connections()[0]?.end();
  expect(await ends).toHaveLength(2);
});

test('a black hole takes everything, in both directions, and tells nobody of an end', async () => {
  const { proxy, client, server } = await line();
  const [connection] = proxy.connections();
  let arrived = '';
  for (const socket of [client, server]) {
    socket.on('data', (data: Buffer) => (arrived += data.toString()));
    socket.on('end', () => (arrived += '(end)'));
  }
  connection?.suffer({ kind: 'black-hole' });
  client.write('swallowed');
  server.write('swallowed');
  server.end();
  await expect.poll(() => connection?.swallowed()).toBe('swallowed'.length * 2);
  connection?.suffer({ kind: 'none' });
  client.write('heard again');
  await expect.poll(() => arrived).toBe('heard again');
});

test('a stopped reader sends and does not take', async () => {
  const { proxy, client, server } = await line();
  const [connection] = proxy.connections();
  connection?.suffer({ kind: 'stopped-reader' });
  let down = '';
  client.on('data', (data: Buffer) => (down += data.toString()));
  server.write('later');
  client.write('up');
  expect(await heard(server)).toBe('up');
  expect(down).toBe('');
  connection?.suffer({ kind: 'none' });
  await expect.poll(() => down).toBe('later');
});

test('what is delayed arrives in order', async () => {
  const { proxy, client, server } = await line();
  proxy.connections()[0]?.suffer({ kind: 'delay', ms: 5 });
  let up = '';
  server.on('data', (data: Buffer) => (up += data.toString()));
  for (const piece of ['one ', 'two ', 'three']) client.write(piece);
  await expect.poll(() => up).toBe('one two three');
});

test('where there is nobody to pass on to, the client is refused', async () => {
  const proxy = await startTcpProxy({ open: async () => undefined });
  onTestFinished(async () => proxy.close());
  const client = connect(proxy.port, '127.0.0.1');
  expect(await errorOf(client)).toBe('ECONNRESET');
});
