import { errors } from '@beseda/protocol/errors.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, createGroup, signUp, type Person } from '../testing/api-client.ts';
import { joinChat, type TestSocket, type Frame } from '../testing/chat-socket.ts';
import { createRandom, type Random } from '../testing/random.ts';
import { closeCodeIn, connectRaw, rawFrame } from '../testing/raw-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const FRAMES = 20_000;
const SOCKETS = 8;
/** Frames sent before the answer to a plain one is waited for. */
const STRIDE = 100;

let server: TestServer;
let anna: Person;
let boris: Person;
let groupId: number;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
  groupId = (await createGroup(server, anna, [boris])).id;
});
afterAll(async () => {
  await server.stop();
});

const VALUES: unknown[] = [
  null,
  true,
  0,
  -1,
  1,
  1.5,
  2 ** 53,
  1e308,
  '',
  ' ',
  'message',
  'read',
  'x'.repeat(65),
  'x'.repeat(5000),
  '\0',
  '\ud800',
  '\u202e\u200b',
  '7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11',
  'urn:uuid:7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11',
  [],
  {},
  [[]],
  { $ne: 1 },
];

const TEXTS = [
  '',
  ' ',
  '{',
  '[]',
  'null',
  '1',
  '"text"',
  '{"type":"message","text":"\\u0000"}',
  '{"type":"message","text":"\\ud800"}',
  '{"type":"message","text":1e999}',
  '{"type":"read","message_id":1e999}',
  '{"type":"read","message_id":9007199254740993}',
  '{"type":"message","text":"a","type":"read"}',
  '{"__proto__":{"type":"message","text":"a"}}',
  '{"type":"constructor"}',
  '{"type":"__proto__"}',
  '{"type":"toString"}',
  '{"type":"auth","token":"x"}',
  '{"type":"sync","since":{"5":120}}',
  '{"type":["message"],"text":"a"}',
  '{"type":"message","text":"a"}{"type":"message","text":"a"}',
];

/** Near the limit of a frame: rarer, for the time they take. */
const LARGE = [
  '['.repeat(60_000),
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  `{"type":"message","text":${'['.repeat(20_000)}"\\u0000"${']'.repeat(20_000)}}`,
  '{"a":'.repeat(10_000),
  `{"type":"message","text":"${'x'.repeat(65_000)}"}`,
  `{${'"a":1,'.repeat(9000)}"b":1}`,
  `"${'\\'.repeat(60_000)}`,
];

function frameOf(random: Random): string | Buffer {
  const kind = random.below(100);
  if (kind === 0) return random.pick(LARGE);
  if (kind < 8) return random.bytes(random.below(100));
  if (kind < 20) return random.pick(TEXTS);
  if (kind < 25) return random.text(random.below(100));
  const frame: Record<string, unknown> = random.chance(0.5)
    ? { type: 'message', text: `text ${random.word(5)}`, client_id: random.uuid(), ref: random.word(3) }
    : { type: 'read', message_id: 1 + random.below(5000), ref: random.word(3) };
  for (let mutations = random.below(3); mutations > 0; mutations -= 1) {
    const name = random.pick([...Object.keys(frame), 'chat_id', 'sender_id', random.word(4)]);
    if (random.chance(0.2)) delete frame[name];
    else frame[name] = random.pick(VALUES);
  }
  const text = JSON.stringify(frame);
  if (kind < 85) return text;
  const at = random.below(text.length);
  return text.slice(0, at) + (random.chance(0.5) ? random.text(1) : '') + text.slice(at + random.below(2));
}

/** What is wrong with a frame that came, if anything is. */
function complaint(frame: Frame): string | undefined {
  if (frame.type === 'message' || frame.type === 'read' || frame.type === 'ack') return undefined;
  const known = typeof frame['code'] === 'string' && Object.hasOwn(errors, frame['code']);
  const words = typeof frame['error'] === 'string' && frame['error'] !== '';
  if (frame.type === 'error' && known && words && frame['code'] !== 'internal') return undefined;
  return JSON.stringify(frame);
}

test(`WS9 ${FRAMES} mutated frames: each costs an error at most, and the socket goes on`, async () => {
  const random = createRandom('FUZZ_SEED');
  const started = performance.now();
  let sent = 0;
  const run = async (index: number): Promise<TestSocket> => {
    // Two people, so that there is something of each to be told to the other.
    const socket = await joinChat(server, groupId, (index % 2 === 0 ? anna : boris).token);
    for (let stride = 0; stride < FRAMES / SOCKETS / STRIDE; stride += 1) {
      for (let count = 0; count < STRIDE; count += 1) {
        const frame = frameOf(random);
        sent += 1;
        // Text that `ws` would send as other bytes than it was made of goes out mended: broken UTF-8 is tried below.
        if (typeof frame === 'string') socket.sendRaw(frame.toWellFormed());
        else socket.sendRaw(frame);
      }
      const ref = `plain ${index} ${stride}`;
      socket.send({ type: 'message', text: 'A plain one', ref });
      expect(await socket.next((frame) => frame['ref'] === ref)).toMatchObject({ type: 'ack' });
    }
    return socket;
  };
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, async (_, index) => run(index)));
  const seconds = (performance.now() - started) / 1000;
  const frames = sockets.flatMap((socket) => [...socket.frames]);
  const kinds = Map.groupBy(frames, ({ type }) => type);
  const counts = [...kinds].map(([type, of]) => `${type}: ${of.length}`).join(', ');
  process.stdout.write(`fuzz-socket: ${random.told} — ${sent} frames in ${seconds.toFixed(1)} s; received ${counts}\n`);
  // The seed is in the message, so that what went wrong can be had again.
  const complaints = frames.map(complaint).filter((wrong) => wrong !== undefined);
  expect([random.told, ...complaints.slice(0, 10)]).toEqual([random.told]);
  for (const type of ['message', 'ack', 'error', 'read']) expect(kinds.get(type)?.length ?? 0).toBeGreaterThan(10);
  for (const socket of sockets) socket.close();
  expect(server.logs()).not.toMatch(/"level":"(error|fatal)"/);
}, 120_000);

test('broken UTF-8 and broken framing end their own socket, by a code of the standard, and no other', async () => {
  const random = createRandom('FUZZ_SEED');
  const witness = await joinChat(server, groupId, anna.token);
  for (let round = 0; round < 100; round += 1) {
    const raw = await connectRaw(server, groupId, anna.token);
    const text = Buffer.from('{"type":"message","text":"Привет"}');
    text[26 + random.below(10)] = 0xff;
    const broken = random.chance(0.5) ? rawFrame(text) : Buffer.concat([rawFrame('{}'), random.bytes(200)]);
    await raw.write(broken);
    // Bytes by chance may be the beginning of a frame that is still to come: then the end is ours to make.
    await raw.write(rawFrame(Buffer.from([3, 232]), { opcode: 8 }));
    await raw.write(Buffer.alloc(70_000, 0xff));
    await raw.ended;
    const code = closeCodeIn(raw.received());
    expect([1000, 1002, 1007, 1008, 1009]).toContain(code);
  }
  witness.send({ type: 'message', text: 'still here', ref: 'witness' });
  expect(await witness.next((frame) => frame['ref'] === 'witness')).toMatchObject({ type: 'ack' });
  witness.close();
  const { status } = await ask(server, 'GET', `/messages/history/${groupId}`, { token: anna.token });
  expect(status).toBe(200);
  expect(server.logs()).not.toMatch(/"level":"(error|fatal)"/);
});
