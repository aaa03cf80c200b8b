/** Frames as bytes: a driver that made texts and objects of what it gets would take longer than the server. */

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

/** Opcodes of RFC 6455, section 5.2. */
export const opcodes = { text: TEXT, close: CLOSE, ping: PING, pong: PONG } as const;

/**
 * A frame of a client: masked as RFC 6455 demands (section 5.3), by a key of zeros, which leaves the bytes as they are.
 */
export function clientFrame(payload: string | Buffer, opcode: number = opcodes.text): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const header = bytes.length < 126 ? 2 : 4;
  if (bytes.length >= 2 ** 16) throw new Error('the driver sends no frames of 64 KiB and more');
  const frame = Buffer.alloc(header + 4 + bytes.length);
  frame[0] = 0x80 | opcode;
  if (header === 2) frame[1] = 0x80 | bytes.length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(bytes.length, 2);
  }
  bytes.copy(frame, header + 4);
  return frame;
}

/** Where a frame's payload begins and ends; `end` is past the bytes at hand where not all of it has come. */
export interface Span {
  opcode: number;
  from: number;
  end: number;
}

/**
 * Reads the header of a server's frame, which is not masked.
 *
 * @param span is written to, so that none need be made for each frame.
 * @returns false where not even the header has come.
 */
export function readHeader(bytes: Buffer, at: number, end: number, span: Span): boolean {
  if (end - at < 2) return false;
  const length = (bytes[at + 1] ?? 0) & 127;
  const header = length < 126 ? 2 : length === 126 ? 4 : 10;
  if (end - at < header) return false;
  span.opcode = (bytes[at] ?? 0) & 15;
  span.from = at + header;
  span.end =
    span.from +
    (header === 2 ? length : header === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2)));
  return true;
}

const [COLON, QUOTE, LOWER_E, LOWER_M, LOWER_S] = [0x3a, 0x22, 0x65, 0x6d, 0x73] as const;
const [ZERO, NINE] = [0x30, 0x39] as const;

/** Where the name of a frame's type begins: every frame is `{"type":"…`. */
const TYPE_AT = '{"type":"'.length;

/** Whether the text at a place is a `message` frame: no other type has these letters. */
export function isMessage(bytes: Buffer, from: number): boolean {
  return (
    bytes[from + TYPE_AT] === LOWER_M && bytes[from + TYPE_AT + 1] === LOWER_E && bytes[from + TYPE_AT + 2] === LOWER_S
  );
}

/** The name of a frame's type; empty where it is none of ours. */
export function typeAt(bytes: Buffer, from: number, end: number): string {
  const start = from + TYPE_AT;
  const quote = bytes.indexOf(QUOTE, start);
  return quote < 0 || quote >= end ? '' : bytes.toString('latin1', start, quote);
}

/** Finds the number that follows a key in frames of one kind, and remembers where it was in the last one. */
export interface NumberFinder {
  key: Buffer;
  offset: number;
}

export function numberAfter(key: string): NumberFinder {
  return { key: Buffer.from(`"${key}":`), offset: 0 };
}

/**
 * The number behind the key, which stands at the same place in nearly all frames that follow each other. A text cannot
 * pretend to be the key: its quotes are escaped.
 *
 * @returns −1 where there is none.
 */
export function findNumber(finder: NumberFinder, bytes: Buffer, from: number, end: number): number {
  const { key } = finder;
  let at = from + finder.offset;
  if (finder.offset === 0 || bytes[at - 1] !== COLON || !endsWith(bytes, at, key)) {
    const found = bytes.indexOf(key, from);
    if (found < 0 || found >= end) return -1;
    at = found + key.length;
    finder.offset = at - from;
  }
  let value = 0;
  for (let digit = bytes[at] ?? 0; digit >= ZERO && digit <= NINE; digit = bytes[at] ?? 0) {
    value = value * 10 + digit - ZERO;
    at += 1;
  }
  return value;
}

function endsWith(bytes: Buffer, at: number, key: Buffer): boolean {
  for (let index = 1; index <= key.length; index += 1) {
    if (bytes[at - index] !== key[key.length - index]) return false;
  }
  return true;
}
