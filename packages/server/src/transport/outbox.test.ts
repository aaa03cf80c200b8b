import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { OUTBOX_BYTES } from '@beseda/protocol/limits.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { closeFor, push, pushInTurn, unsentBytes } from './outbox.ts';
import { ServedSocket } from './served-socket.ts';
import { wireFrame } from './wire-frame.ts';

let http: Server;
let port: number;
/** What was written to the connections, each by the bytes that left in one go. */
let writes: Buffer[];
const upgraded: ((socket: ServedSocket) => void)[] = [];

beforeAll(async () => {
  const sockets = new WebSocketServer({ noServer: true, WebSocket: ServedSocket });
  http = createServer();
  http.on('upgrade', (request, stream, head) => {
    sockets.handleUpgrade(request, stream, head, (socket) => {
      recordWrites(stream);
      socket.connection = stream;
      upgraded.shift()?.(socket);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  http.close();
});

/** Stands between the stream and the system: each call of these is one write of the system's. */
function recordWrites(stream: Duplex): void {
  // What implementers of streams provide is named so by Node.
  // oxlint-disable-next-line no-underscore-dangle
  const [one, many] = [stream._write.bind(stream), stream._writev?.bind(stream)];
  Object.assign(stream, {
    _write(chunk: Buffer, ...rest: [BufferEncoding, () => void]) {
      writes.push(chunk);
      one(chunk, ...rest);
    },
    _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: () => void) {
      writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)));
      many?.(chunks, done);
    },
  });
}

/** A socket as the server has it, and the bare connection at the client's end, paused. */
async function open(): Promise<{ socket: ServedSocket; peer: Socket; received: () => Buffer }> {
  writes = [];
  const served = new Promise<ServedSocket>((resolve) => {
    upgraded.push(resolve);
  });
  const peer = connect(port, '127.0.0.1');
  peer.write(
    'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(peer, 'data');
  peer.pause();
  const chunks: Buffer[] = [];
  peer.on('data', (chunk) => chunks.push(chunk));
  return { socket: await served, peer, received: () => Buffer.concat(chunks) };
}

async function endOfTurn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const frames = Array.from({ length: 20 }, (_, index) => wireFrame(JSON.stringify({ type: 'message', id: index })));
const PING = Buffer.from([0x89, 0]);

describe('what a socket is owed in one turn of the event loop', () => {
  test('leaves in one write, in the order in which it was pushed', async () => {
    const { socket, peer, received } = await open();
    for (const frame of frames) push(socket, frame);
    await Promise.resolve();
    for (const frame of frames) push(socket, frame);
    expect(writes).toEqual([]);
    await endOfTurn();
    const all = Buffer.concat([...frames, ...frames]);
    expect(writes).toEqual([all]);
    peer.resume();
    await expect.poll(received).toEqual(all);
    peer.destroy();
  });

  test('is the same bytes for every socket, and one write for each', async () => {
    const opened = [await open(), await open(), await open()];
    for (const frame of frames) for (const { socket } of opened) push(socket, frame);
    await endOfTurn();
    expect(writes).toEqual(opened.map(() => Buffer.concat(frames)));
    for (const { peer } of opened) peer.destroy();
  });

  test('leaves in that turn, a lone frame too; the next turn has a write of its own', async () => {
    const { socket, peer } = await open();
    for (const frame of frames) {
      push(socket, frame);
      await endOfTurn();
    }
    expect(writes).toEqual(frames);
    peer.destroy();
  });

  test('is joined to the same bytes for those who are owed the same, and to others for the others', async () => {
    const opened = [await open(), await open(), await open()];
    const [one, other, last] = opened;
    const [mine = PING] = frames;
    for (const { socket } of opened) for (const frame of frames.slice(1)) push(socket, frame);
    if (other !== undefined) push(other.socket, mine);
    await endOfTurn();
    const common = Buffer.concat(frames.slice(1));
    expect(writes).toEqual([common, Buffer.concat([common, mine]), common]);
    for (const { peer } of [one, other, last].filter((each) => each !== undefined)) peer.destroy();
  });

  test('comes before the closing, and nothing comes after that', async () => {
    const { socket, peer, received } = await open();
    const [first = PING, second = PING] = frames;
    push(socket, first);
    push(socket, second);
    closeFor(socket, 'going_away');
    push(socket, first);
    await endOfTurn();
    const closing = Buffer.concat([Buffer.from([0x88, 12, 0x03, 0xe9]), Buffer.from('going away')]);
    peer.resume();
    await expect.poll(received).toEqual(Buffer.concat([first, second, closing]));
    peer.destroy();
  });

  test('does not come after the answer to a closing of the other side’s', async () => {
    const { socket, peer, received } = await open();
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    // The library answers the closing in the turn in which it reads the message before it.
    socket.once('message', () => {
      push(socket, frames[0] ?? PING);
      process.nextTick(() => {
        expect(socket.readyState).toBe(socket.CLOSING);
        closeFor(socket, 'going_away');
      });
    });
    const message = Buffer.from([0x81, 0x80, 0, 0, 0, 0]);
    const closing = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);
    peer.resume();
    peer.write(Buffer.concat([message, closing]));
    await once(peer, 'end');
    await closed;
    expect(received()).toEqual(Buffer.from([0x88, 0]));
    peer.destroy();
  });

  test('keeps its order with what the library writes in other turns', async () => {
    const { socket, peer, received } = await open();
    const [first = PING, second = PING] = frames;
    push(socket, first);
    await endOfTurn();
    socket.ping();
    await endOfTurn();
    push(socket, second);
    await endOfTurn();
    peer.resume();
    await expect.poll(received).toEqual(Buffer.concat([first, PING, second]));
    peer.destroy();
  });

  test('goes nowhere where the connection is gone before the turn ends, and harms nobody', async () => {
    const gone = await open();
    const there = await open();
    push(gone.socket, frames[0] ?? PING);
    push(there.socket, frames[0] ?? PING);
    gone.socket.terminate();
    await endOfTurn();
    expect(writes).toEqual([frames[0]]);
    there.peer.destroy();
  });
});

describe('WS11 a socket holds at most 1 MiB unsent', () => {
  const large = wireFrame(JSON.stringify({ type: 'message', text: 'x'.repeat(60_000) }));

  test('WS11 what is held back until the end of the turn counts: the frame that would be too much closes it, 4408', async () => {
    const { socket, peer } = await open();
    const fitting = Math.floor(OUTBOX_BYTES / large.length);
    for (let count = 0; count < fitting; count += 1) push(socket, large);
    expect(socket.readyState).toBe(socket.OPEN);
    expect(unsentBytes(socket)).toBe(fitting * large.length);
    push(socket, large);
    expect(socket.readyState).toBe(socket.CLOSING);
    await endOfTurn();
    // All that was taken over leaves before the closing.
    const closing = Buffer.concat([Buffer.from([0x88, 10, 0x11, 0x38]), Buffer.from('too slow')]);
    expect(writes.map(({ length }) => length)).toEqual([fitting * large.length, closing.length]);
    expect(writes[1]).toEqual(closing);
    peer.destroy();
  });

  test('WS11 what goes in turn waits for the reader instead', async () => {
    const { socket, peer, received } = await open();
    let sent = 0;
    const sending = (async () => {
      for (; sent < 200; sent += 1) await pushInTurn(socket, large);
    })();
    for (let turn = 0; turn < 50; turn += 1) await endOfTurn();
    expect(unsentBytes(socket)).toBeLessThan(OUTBOX_BYTES / 2);
    peer.resume();
    await sending;
    await expect.poll(() => received().length).toBe(200 * large.length);
    expect(sent).toBe(200);
    peer.destroy();
  });

  test('WS11 who waits for a reader that is gone waits no longer', async () => {
    const { socket, peer } = await open();
    const sending = (async () => {
      for (let count = 0; count < 200; count += 1) await pushInTurn(socket, large);
    })();
    peer.destroy();
    await sending;
    expect(socket.readyState).not.toBe(socket.OPEN);
  });
});
