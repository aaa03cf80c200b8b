/** First byte of a text frame that is whole: FIN and opcode 1 (RFC 6455, section 5.2). */
const WHOLE_TEXT = 0x81;

/** Payloads up to here say their length in the header's second byte; the two above mean that 2 or 8 bytes follow. */
const SHORT = 125;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/**
 * A text as the bytes that go over the wire: one whole text frame of a server, which does not mask (RFC 6455, section
 * 5). Made once, the same bytes go to every socket.
 *
 * @param text without lone surrogates, as `JSON.stringify` gives it.
 */
export function wireFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length <= SHORT ? 2 : length < 2 ** 16 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = WHOLE_TEXT;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = LENGTH_IN_2_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}
