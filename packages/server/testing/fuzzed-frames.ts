import type { Random } from './random.ts';

/** The doors of the sockets: of one chat, and of everything. */
export type FuzzedDoor = 'chat' | 'main';

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
  '{"type":"sync","since":{"__proto__":1}}',
  '{"type":"sync","since":{"-1":1,"01":1,"1e3":1}}',
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

/** Frames as a client would send them, the more often the cheaper they are to serve. */
function plainFrame(random: Random, door: FuzzedDoor, chatId: number): Record<string, unknown> {
  const ref = random.word(3);
  const text = `text ${random.word(5)}`;
  const message_id = 1 + random.below(5000);
  if (door === 'chat') {
    return random.chance(0.5)
      ? { type: 'message', text, client_id: random.uuid(), ref }
      : { type: 'read', message_id, ref };
  }
  const kind = random.below(100);
  const chat_id = chatId;
  if (kind < 40) return { type: 'message', chat_id, text, client_id: random.uuid(), ref };
  if (kind < 60) return { type: 'ping', ref };
  if (kind < 80) return { type: 'read', chat_id, message_id, ref };
  if (kind < 85) return { type: 'edit', chat_id, message_id, text, ref };
  if (kind < 89) return { type: 'delete', chat_id, message_id, ref };
  if (kind < 95) return { type: 'react', chat_id, message_id, emoji: '👍', on: random.chance(0.5), ref };
  if (kind < 99) return { type: 'auth', token: random.word(20), ref };
  return { type: 'sync', since: { [chatId]: random.below(5000) }, ref };
}

/** A frame that is wrong in any number of ways, none included; never of a `ref` longer than three letters. */
export function fuzzedFrame(random: Random, door: FuzzedDoor, chatId: number): string | Buffer {
  const kind = random.below(1000);
  if (kind < 2) return random.pick(LARGE);
  if (kind < 80) return random.bytes(random.below(100));
  if (kind < 200) return random.pick(TEXTS);
  if (kind < 250) return random.text(random.below(100));
  const frame = plainFrame(random, door, chatId);
  for (let mutations = random.below(3); mutations > 0; mutations -= 1) {
    const name = random.pick([...Object.keys(frame), 'chat_id', 'sender_id', random.word(4)]);
    if (random.chance(0.2)) delete frame[name];
    else frame[name] = random.pick(VALUES);
  }
  const text = JSON.stringify(frame);
  if (kind < 850) return text;
  const at = random.below(text.length);
  return text.slice(0, at) + (random.chance(0.5) ? random.text(1) : '') + text.slice(at + random.below(2));
}
