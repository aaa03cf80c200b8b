/** What came over a connection, frame by frame. */
export interface WireFrames {
  /** The beginning of a text frame's payload, enough to tell which it is. */
  text: (beginning: string) => void;
  /** A question whether the other side lives. */
  ping: () => void;
  /** The code that the connection is closed with. */
  close: (code: number) => void;
}

/** Characters of a payload that are looked at: a test that reads gigabytes has no time for more. */
const BEGINNING = 64;

/** Reads a server's frames as they come, in chunks of any size. Returns what takes a chunk. */
export function createFrameReader({ text, ping, close }: WireFrames): (chunk: Buffer) => void {
  let left: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let bytes = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    for (let frame = wholeFrame(bytes); frame !== undefined; frame = wholeFrame(bytes)) {
      const payload = bytes.subarray(frame.start, frame.end);
      const opcode = bytes.readUInt8(0) & 0x0f;
      if (opcode === 1) text(payload.toString('latin1', 0, BEGINNING));
      else if (opcode === 9) ping();
      else if (opcode === 8) close(payload.readUInt16BE(0));
      bytes = bytes.subarray(frame.end);
    }
    left = bytes;
  };
}

function wholeFrame(bytes: Buffer): { start: number; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const stated = bytes.readUInt8(1) & 0x7f;
  const start = stated === 127 ? 10 : stated === 126 ? 4 : 2;
  if (bytes.length < start) return undefined;
  const length = stated === 127 ? Number(bytes.readBigUInt64BE(2)) : stated === 126 ? bytes.readUInt16BE(2) : stated;
  return bytes.length < start + length ? undefined : { start, end: start + length };
}
