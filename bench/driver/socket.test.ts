import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket as Connection } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { closeSocket, listenOn, type Socket } from './socket.ts';
import { openWire } from './wire.ts';

/** A server's frame of a message, as RFC 6455 has it: not masked. */
function messageFrame(chatId: number, version: number, text = 'x'): Buffer {
  const payload = Buffer.from(JSON.stringify({ type: 'message', id: version, chat_id: chatId, version, text }));
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x81, ...length]), payload]);
}

const close: (() => void)[] = [];
afterEach(() => {
  for (const act of close.splice(0)) act();
});

/** A socket of the driver, and the end of the connection at which a server would be. */
async function connected(): Promise<{ socket: Socket; server: Connection }> {
  const listening = createServer({ noDelay: true });
  await once(listening.listen(0, '127.0.0.1'), 'listening');
  const { port } = listening.address() as AddressInfo;
  const accepted = once(listening, 'connection');
  const socket = listenOn(await openWire(`http://127.0.0.1:${port}`));
  const [server] = (await accepted) as [Connection];
  close.push(() => {
    closeSocket(socket);
    server.destroy();
    listening.close();
  });
  return { socket, server };
}

async function afterAll(socket: Socket, server: Connection, frames: Buffer[]): Promise<Socket> {
  server.write(Buffer.concat(frames));
  await expect.poll(() => socket.messages).toBe(frames.length);
  return socket;
}

describe('what the driver sees of message frames', () => {
  test('versions that follow each other are right, in each of several chats', async () => {
    const { socket, server } = await connected();
    const frames = [
      messageFrame(1, 7),
      messageFrame(2, 90),
      messageFrame(1, 8),
      messageFrame(1, 9),
      messageFrame(2, 91),
    ];
    expect(await afterAll(socket, server, frames)).toMatchObject({ gaps: 0, doubles: 0, errors: [] });
  });

  test('a version that is passed over is a gap', async () => {
    const { socket, server } = await connected();
    const frames = [messageFrame(1, 9), messageFrame(1, 11), messageFrame(1, 12)];
    expect(await afterAll(socket, server, frames)).toMatchObject({ gaps: 1, doubles: 0 });
  });

  test('a version that has come before is a double', async () => {
    const { socket, server } = await connected();
    const frames = [
      messageFrame(1, 9),
      messageFrame(2, 1),
      messageFrame(1, 10),
      messageFrame(1, 9),
      messageFrame(2, 1),
    ];
    expect(await afterAll(socket, server, frames)).toMatchObject({ gaps: 0, doubles: 2 });
  });

  test('a text that looks like a version is none', async () => {
    const { socket, server } = await connected();
    const text = '"version":99,"type":"message"';
    const frames = [messageFrame(1, 9, text), messageFrame(1, 10, text), messageFrame(1, 11, text)];
    expect(await afterAll(socket, server, frames)).toMatchObject({ gaps: 0, doubles: 0 });
  });

  test('frames may be cut anywhere on their way', async () => {
    const { socket } = await connected();
    const frames = [messageFrame(1, 99), messageFrame(1, 100, 'a longer one '.repeat(20)), messageFrame(1, 101)];
    const bytes = Buffer.concat(frames);
    for (let at = 0; at < bytes.length; at += 1) socket.wire.take(bytes.subarray(at, at + 1), 1);
    expect(socket).toMatchObject({ messages: 3, messageBytes: bytes.length, gaps: 0, doubles: 0 });
  });

  test('an end of the connection that the driver has not asked for is an error', async () => {
    const { socket, server } = await connected();
    server.destroy();
    await expect.poll(() => socket.errors.length).toBeGreaterThan(0);
  });
});
