import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wireFrame } from './wire-frame.ts';

/** Reads one frame by the letter of RFC 6455, section 5.2. */
function read(frame: Buffer): { first: number; masked: boolean; lengthBytes: number; text: string } {
  const second = frame.readUInt8(1);
  const stated = second & 0x7f;
  const lengthBytes = stated === 126 ? 2 : stated === 127 ? 8 : 0;
  const length = stated === 126 ? frame.readUInt16BE(2) : stated === 127 ? Number(frame.readBigUInt64BE(2)) : stated;
  const payload = frame.subarray(2 + lengthBytes);
  expect(payload).toHaveLength(length);
  return { first: frame.readUInt8(0), masked: second > 0x7f, lengthBytes, text: payload.toString() };
}

test('a frame on the wire is one whole text frame, not masked, of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(read(wireFrame(text))).toMatchObject({ first: 0x81, masked: false, text });
    }),
  );
});

test.each([
  [0, 0],
  [125, 0],
  [126, 2],
  [65_535, 2],
  [65_536, 8],
])('a text of %d bytes says its length in %d more bytes: the fewest that will do', (bytes, lengthBytes) => {
  const text = 'x'.repeat(bytes);
  expect(read(wireFrame(text))).toEqual({ first: 0x81, masked: false, lengthBytes, text });
});
