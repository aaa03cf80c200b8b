import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { watchBackends } from './backends.ts';
import { startTcpProxy } from './tcp-proxy.ts';

interface Backend {
  url: string;
  server: Server;
  ready: boolean;
}

async function backend(name: string): Promise<Backend> {
  const made: Backend = { url: '', ready: true, server: createServer() };
  made.server.on('request', (request, response) => {
    const ok = request.url !== '/readyz' || made.ready;
    response.writeHead(ok ? 200 : 503, { connection: 'close' }).end(name);
  });
  made.server.listen(0, '127.0.0.1');
  await once(made.server, 'listening');
  made.url = `http://127.0.0.1:${(made.server.address() as AddressInfo).port}`;
  onTestFinished(() => void made.server.close());
  return made;
}

async function front(list: readonly Backend[]) {
  const backends = watchBackends(() => list.map(({ url }) => url));
  const proxy = await startTcpProxy({ open: backends.open });
  onTestFinished(async () => {
    backends.close();
    await proxy.close();
  });
  return {
    backends,
    ask: async () => {
      const answer = await fetch(`http://127.0.0.1:${proxy.port}/`);
      return answer.text();
    },
  };
}

test('connections go to the servers by turns', async () => {
  const { ask } = await front([await backend('a'), await backend('b')]);
  expect([await ask(), await ask(), await ask(), await ask()].toSorted()).toEqual(['a', 'a', 'b', 'b']);
});

test('a server that is gone is passed by at once, and used again when it is back', async () => {
  const [a, b] = [await backend('a'), await backend('b')];
  const { ask, backends } = await front([a, b]);
  const { port } = new URL(b.url);
  b.server.close();
  await once(b.server, 'close');
  expect([await ask(), await ask(), await ask()]).toEqual(['a', 'a', 'a']);
  b.server.listen(Number(port), '127.0.0.1');
  await once(b.server, 'listening');
  await backends.check();
  expect([await ask(), await ask()].toSorted()).toEqual(['a', 'b']);
});

test('a server that says it is not ready, as one that stops does, gets no new connections', async () => {
  const [a, b] = [await backend('a'), await backend('b')];
  const { ask, backends } = await front([a, b]);
  a.ready = false;
  await backends.check();
  expect(backends.ready()).toEqual([b.url]);
  expect([await ask(), await ask()]).toEqual(['b', 'b']);
});

test('while none is ready connections wait, and go to the first that is', async () => {
  const a = await backend('a');
  a.ready = false;
  const { ask, backends } = await front([a]);
  await backends.check();
  const asked = ask();
  a.ready = true;
  expect(await asked).toBe('a');
});
