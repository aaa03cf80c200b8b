import { FRAGMENTS } from '@beseda/protocol/limits.ts';
import { fuzzedFrame, type FuzzedDoor } from './fuzzed-frames.ts';
import type { Random } from './random.ts';
import { rawFrame } from './raw-socket.ts';

/** One breach of RFC 6455 or of a bound, by name; what it makes ends its connection. */
const breaches: Record<string, (random: Random) => Buffer> = {
  'reserved bits': (random) => withFirstByte(rawFrame('{}'), 0x81 | random.pick([0x10, 0x20, 0x40, 0x50, 0x70])),
  'no mask': (random) => rawFrame(random.word(random.below(200)), { opcode: random.pick([1, 2, 9]), masked: false }),
  'unknown opcode': (random) => rawFrame('x', { opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }),
  'control frame too long': (random) =>
    rawFrame('x'.repeat(126 + random.below(70_000)), { opcode: random.pick([8, 9, 10]) }),
  'control frame in parts': (random) => rawFrame('x', { opcode: random.pick([8, 9, 10]), last: false }),
  'continuation of nothing': (random) => rawFrame('x', { opcode: 0, last: random.chance(0.5) }),
  'text inside of a text': () =>
    Buffer.concat([rawFrame('{"type"', { opcode: 1, last: false }), rawFrame('{}', { opcode: 1 })]),
  'flood of fragments': (random) => {
    const part = rawFrame(random.chance(0.5) ? '' : 'x', { opcode: 0, last: false });
    return Buffer.concat([rawFrame('{', { opcode: 1, last: false }), ...Array(FRAGMENTS.max).fill(part)]);
  },
  'fragments that are too much together': () => {
    const part = rawFrame('x'.repeat(30_000), { opcode: 0, last: false });
    return Buffer.concat([rawFrame('{', { opcode: 1, last: false }), part, part, part]);
  },
  'broken UTF-8': (random) =>
    rawFrame(Buffer.concat([Buffer.from('{"type":"'), random.pick(BROKEN), Buffer.from('"}')])),
  'UTF-8 broken over fragments': (random) =>
    Buffer.concat([
      rawFrame(Buffer.from([0xf0, 0x9f]), { opcode: 1, last: false }),
      rawFrame(random.pick(BROKEN), { opcode: 0 }),
    ]),
  'close frame of one byte': () => rawFrame('x', { opcode: 8 }),
  'close code that none may send': (random) => {
    const code = random.pick([0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535]);
    return rawFrame(Buffer.from([code >> 8, code & 0xff]), { opcode: 8 });
  },
  'close reason that is not UTF-8': () => rawFrame(Buffer.from([0x03, 0xe8, 0xff, 0xfe]), { opcode: 8 }),
  'length past all bounds': (random) => {
    const length = random.pick([65_537n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]);
    const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    header.writeBigUInt64BE(length, 2);
    return header;
  },
  'bytes by chance': (random) => random.bytes(1 + random.below(300)),
  'another protocol': () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
};

/** Byte sequences that no UTF-8 text has: overlong, surrogates, past Unicode, cut off, out of place. */
const BROKEN = ['c080', 'e08080', 'eda080', 'f4908080', 'f8888080', 'ff', 'fe', '80', 'c3', 'e282'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

/** What ends a connection: the name of what is wrong, and the bytes. */
export function fuzzedBreach(random: Random): { name: string; bytes: Buffer } {
  const name = random.pick(Object.keys(breaches));
  return { name, bytes: breaches[name]?.(random) ?? Buffer.alloc(0) };
}

/** A frame that keeps to RFC 6455 with a payload that need not: masked at random, now and then in parts, or a control. */
export function fuzzedBytes(random: Random, door: FuzzedDoor, chatId: number): Buffer {
  const mask = random.bytes(4);
  if (random.chance(0.1)) {
    return rawFrame(random.bytes(random.below(126)), { opcode: random.pick([9, 10]), mask });
  }
  const frame = fuzzedFrame(random, door, chatId);
  const payload = Buffer.from(typeof frame === 'string' ? frame.toWellFormed() : frame);
  const opcode = typeof frame === 'string' ? 1 : 2;
  // Past the bound of a frame is a breach, and ends the connection.
  if (payload.length > 60_000 || random.chance(0.8)) return rawFrame(payload.subarray(0, 60_000), { opcode, mask });
  const parts: Buffer[] = [];
  for (let start = 0; start < payload.length || parts.length === 0;) {
    const end = Math.min(payload.length, start + 1 + random.below(Math.max(20, payload.length / 4)));
    parts.push(
      rawFrame(payload.subarray(start, end), { opcode: start === 0 ? opcode : 0, last: end === payload.length, mask }),
    );
    // Controls may come between the parts of a message.
    if (end < payload.length && random.chance(0.1)) parts.push(rawFrame('p', { opcode: 9, mask }));
    start = end;
    if (payload.length === 0) break;
  }
  return Buffer.concat(parts);
}

function withFirstByte(frame: Buffer, first: number): Buffer {
  frame[0] = first;
  return frame;
}
