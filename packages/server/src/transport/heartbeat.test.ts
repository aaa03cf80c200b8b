import { HEARTBEAT_S } from '@beseda/protocol/socket.ts';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, WebSocketServer, type Server } from 'ws';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { ServedSocket } from './served-socket.ts';

let server: Server<typeof ServedSocket>;
let heartbeat: Heartbeat;
let port: number;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', WebSocket: ServedSocket });
  heartbeat = createHeartbeat(server.clients);
  server.on('connection', (socket) => heartbeat.watch(socket));
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

test('WS12 a peer that says nothing any more is cut off at the second beat, one that answers is not', async () => {
  const living = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(living, 'open');
  // A peer that was there for the handshake and answers nothing after it.
  const dead = connect(port, '127.0.0.1');
  dead.write(
    'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(dead, 'data');
  const [first] = server.clients;
  heartbeat.beat();
  if (first !== undefined) await once(first, 'pong');
  const cut = once(dead, 'close');
  heartbeat.beat();
  await cut;
  expect(server.clients.size).toBe(1);
  expect(living.readyState).toBe(living.OPEN);
  living.close();
});

test('WS12 that is within 45 s', () => {
  expect(2 * HEARTBEAT_S).toBeLessThanOrEqual(45);
});
