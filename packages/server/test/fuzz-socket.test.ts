import { errors } from '@beseda/protocol/errors.ts';
import { socketDownFrames } from '@beseda/protocol/socket.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGroup, signUp, type Person } from '../testing/api-client.ts';
import { joinChat, type Frame, type TestSocket } from '../testing/chat-socket.ts';
import { fuzzedFrame } from '../testing/fuzzed-frames.ts';
import { connectToMain } from '../testing/main-socket.ts';
import { createRandom } from '../testing/random.ts';
import { startServerProcess, type ServerProcess } from '../testing/server-process.ts';

/** With the 20,000 of fuzz-wire.test.ts: 100,000. */
const FRAMES = 80_000;
/** Half of them at each door. */
const SOCKETS = 8;
/**
 * Frames sent before the answer to a plain one is waited for: few, so that the server is not overloaded, which it would
 * say by closing who syncs.
 */
const STRIDE = 20;
const MIB = 1024 * 1024;

let server: ServerProcess;
let anna: Person;
let boris: Person;
let groupId: number;

beforeAll(async () => {
  // With little room, so that garbage is collected soon and what is left is what is held.
  server = await startServerProcess({ NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=4' });
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
  groupId = (await createGroup(server, anna, [boris])).id;
});
afterAll(async () => {
  await server.stop();
});

/** What is wrong with a frame that came, if anything is. */
function complaint(frame: Frame): string | undefined {
  if (frame.type !== 'error') return Object.hasOwn(socketDownFrames, frame.type) ? undefined : JSON.stringify(frame);
  const known = typeof frame['code'] === 'string' && Object.hasOwn(errors, frame['code']);
  const words = typeof frame['error'] === 'string' && frame['error'] !== '';
  const served = frame['code'] !== 'internal' && frame['code'] !== 'unavailable';
  return known && words && served ? undefined : JSON.stringify(frame);
}

test(`WS9 ${FRAMES} mutated frames: each costs an error at most, the socket goes on, the memory stays flat`, async () => {
  const random = createRandom('FUZZ_SEED');
  const started = performance.now();
  let sent = 0;
  /** What the server holds, at each tenth of the way. */
  const memory: number[] = [];
  const run = async (index: number): Promise<TestSocket> => {
    const door = index % 2 === 0 ? 'chat' : 'main';
    // Two people at each door, so that there is something of each to be told to the other.
    const { token } = index % 4 < 2 ? anna : boris;
    const socket = door === 'chat' ? await joinChat(server, groupId, token) : await connectToMain(server, token);
    for (let stride = 0; stride < FRAMES / SOCKETS / STRIDE; stride += 1) {
      for (let count = 0; count < STRIDE; count += 1) {
        const frame = fuzzedFrame(random, door, groupId);
        sent += 1;
        if (sent % (FRAMES / 10) === 0 && process.platform === 'linux') memory.push(server.memory());
        // Text that `ws` would send as other bytes than it was made of goes out mended: broken UTF-8 is tried elsewhere.
        if (typeof frame === 'string') socket.sendRaw(frame.toWellFormed());
        else socket.sendRaw(frame);
      }
      const ref = `plain ${index} ${stride}`;
      socket.send({ type: 'message', chat_id: groupId, text: 'A plain one', ref });
      expect(await socket.next((frame) => frame['ref'] === ref)).toMatchObject({ type: 'ack' });
    }
    return socket;
  };
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, async (_, index) => run(index)));
  const seconds = (performance.now() - started) / 1000;
  const frames = sockets.flatMap((socket) => [...socket.frames]);
  const kinds = Map.groupBy(frames, ({ type }) => type);
  const counts = [...kinds].map(([type, of]) => `${type}: ${of.length}`).join(', ');
  const mib = memory.map((bytes) => (bytes / MIB).toFixed(0)).join(' ');
  process.stdout.write(`fuzz-socket: ${random.told} — ${sent} frames in ${seconds.toFixed(1)} s; memory ${mib} MiB\n`);
  process.stdout.write(`fuzz-socket: received ${counts}\n`);
  // The seed is in the message, so that what went wrong can be had again.
  const complaints = frames.map(complaint).filter((wrong) => wrong !== undefined);
  expect([random.told, ...complaints.slice(0, 10)]).toEqual([random.told]);
  for (const type of ['message', 'ack', 'error', 'read']) expect(kinds.get(type)?.length ?? 0).toBeGreaterThan(10);
  for (const socket of sockets) socket.close();
  expect(server.process.output()).not.toMatch(/"level":"(error|fatal)"/);
  expect((Math.min(...memory.slice(7)) - Math.max(...memory.slice(0, 5))) / MIB).toBeLessThan(16);
}, 180_000);
