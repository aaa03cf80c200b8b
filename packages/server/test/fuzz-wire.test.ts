import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, createGroup, signUp, type Person } from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { fuzzedBreach, fuzzedBytes } from '../testing/fuzzed-wire.ts';
import { createRandom } from '../testing/random.ts';
import { closeCodeIn, connectRaw, connectRawTo, rawFrame, type RawSocket } from '../testing/raw-socket.ts';
import { startServerProcess, type ServerProcess } from '../testing/server-process.ts';

const FRAMES = 20_000;
const PARALLEL = 8;
/** Frames of one connection before the one that ends it, at most. */
const LONGEST = 30;
const MIB = 1024 * 1024;
/** Bytes that come after the end are answered by a reset, which now and then overtakes the close frame. */
const OVERTAKEN = 0;

let server: ServerProcess;
let anna: Person;
let groupId: number;

beforeAll(async () => {
  // With little room, so that garbage is collected soon and what is left is what is held.
  server = await startServerProcess({ NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=4' });
  anna = await signUp(server, 'anna');
  groupId = (await createGroup(server, anna)).id;
});
afterAll(async () => {
  await server.stop();
});

async function connectTo(door: 'chat' | 'main'): Promise<RawSocket> {
  if (door === 'chat') return connectRaw(server, groupId, anna.token);
  const raw = await connectRawTo(server, '/ws');
  await raw.write(rawFrame(JSON.stringify({ type: 'auth', token: anna.token })));
  return raw;
}

test(`${FRAMES} mutated frames below the level of a library: each breach ends its own socket, by a code of the standard`, async () => {
  const random = createRandom('FUZZ_SEED');
  const started = performance.now();
  const memory: number[] = [];
  const wrong: string[] = [];
  /** What a socket that does nothing wrong is answered meanwhile. */
  const answers = new Set<string>();
  const codes = new Map<number, number>();
  let sent = 0;
  let connections = 0;
  const witness = await joinChat(server, groupId, anna.token);

  const run = async (): Promise<void> => {
    while (sent < FRAMES) {
      connections += 1;
      const door = random.pick(['chat', 'main'] as const);
      const raw = await connectTo(door);
      const frames = Array.from({ length: random.below(LONGEST) }, () => fuzzedBytes(random, door, groupId));
      const breach = fuzzedBreach(random);
      const all = Buffer.concat([...frames, breach.bytes]);
      // In one go, or cut where no frame ends.
      const cut = random.chance(0.5) ? random.below(all.length) : all.length;
      await raw.write(all.subarray(0, cut));
      await raw.write(all.subarray(cut));
      sent += frames.length + 1;
      if (connections % 100 === 0 && process.platform === 'linux') memory.push(server.memory());
      if (random.chance(0.1)) {
        // Cut off in the midst of it all.
        raw.destroy();
        continue;
      }
      // Bytes by chance may be the beginning of a frame that is still to come: then the end is ours to make.
      await raw.write(rawFrame(Buffer.from([3, 232]), { opcode: 8 }));
      await raw.write(Buffer.alloc(70_000, 0xff));
      await raw.ended;
      const code = closeCodeIn(raw.received()) ?? OVERTAKEN;
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (code !== OVERTAKEN && ![1000, 1002, 1007, 1008, 1009].includes(code))
        wrong.push(`${door}, ${breach.name}: ${code}`);
      if (connections % 100 === 0) {
        const ref = `witness ${connections}`;
        witness.send({ type: 'message', text: 'still here', ref });
        answers.add((await witness.next((frame) => frame['ref'] === ref)).type);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, async () => run()));
  const seconds = (performance.now() - started) / 1000;
  const mib = memory.map((bytes) => (bytes / MIB).toFixed(0)).join(' ');
  const closes = [...codes].map(([code, count]) => `${code}: ${count}`).join(', ');
  process.stdout.write(
    `fuzz-wire: ${random.told} — ${sent} frames on ${connections} sockets in ${seconds.toFixed(1)} s\n`,
  );
  process.stdout.write(`fuzz-wire: closed ${closes}; memory ${mib} MiB\n`);
  // The seed is in the message, so that what went wrong can be had again.
  expect([random.told, ...wrong.slice(0, 10)]).toEqual([random.told]);
  // How many depends on how busy the machine is; a server that sends no close frames has all.
  expect(codes.get(OVERTAKEN) ?? 0).toBeLessThan(connections / 4);
  expect([...answers]).toEqual(['ack']);
  witness.close();
  const { status } = await ask(server, 'GET', `/messages/history/${groupId}`, { token: anna.token });
  expect(status).toBe(200);
  expect(server.process.output()).not.toMatch(/"level":"(error|fatal)"/);
  const half = Math.max(...memory.slice(0, memory.length / 2));
  expect((Math.min(...memory.slice(-3)) - half) / MIB).toBeLessThan(16);
}, 180_000);
