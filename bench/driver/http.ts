import { openWire } from './wire.ts';

/** A kept-alive connection with one request under way, which makes no text or object of what it gets. */
export interface RawHttp {
  /** Sends a request as `requestBytes` makes it. */
  ask(request: Buffer): void;
  /** Hears of each answer; the bytes are those of the body, good until it returns. */
  onAnswer: (status: number, body: Buffer) => void;
  /** Hears of the connection's end, and of an answer that cannot be read. */
  onError: (why: string) => void;
  close(): void;
}

export interface Request {
  method: string;
  path: string;
  token: string;
  json?: unknown;
}

export function requestBytes({ method, path, token, json }: Request): Buffer {
  const body = json === undefined ? '' : JSON.stringify(json);
  const type = json === undefined ? '' : 'Content-Type: application/json\r\n';
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n${type}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const HEAD_END = Buffer.from('\r\n\r\n');

export async function openHttp(url: string): Promise<RawHttp> {
  const wire = await openWire(url);
  let parts: Buffer[] = [];
  let length = 0;
  // How many bytes the answer has; undefined until its head has come.
  let whole: number | undefined;
  let head = 0;
  const http: RawHttp = {
    ask: (request) => void wire.connection.write(request),
    onAnswer: () => undefined,
    onError: () => undefined,
    close() {
      wire.ended = () => undefined;
      wire.connection.destroy();
    },
  };
  wire.ended = (why) => http.onError(why);
  wire.take = (bytes, count) => {
    // An answer that comes in one read is not copied.
    const one = parts.length === 0 ? bytes.subarray(0, count) : undefined;
    if (one === undefined) parts.push(Buffer.from(bytes.subarray(0, count)));
    length += count;
    if (whole === undefined) {
      const soFar = one ?? Buffer.concat(parts);
      const end = soFar.indexOf(HEAD_END);
      if (end >= 0) {
        const size = /\r\ncontent-length: *(\d+)/i.exec(soFar.toString('latin1', 0, end))?.[1];
        if (size === undefined) {
          http.onError('an answer does not say how long it is');
          return;
        }
        head = end + HEAD_END.length;
        whole = head + Number(size);
      }
    }
    if (whole === undefined || length < whole) {
      if (one !== undefined) parts.push(Buffer.from(one));
      return;
    }
    const answer = one ?? Buffer.concat(parts);
    parts = [];
    length = 0;
    whole = undefined;
    // `HTTP/1.1 200`
    http.onAnswer(Number(answer.toString('latin1', 9, 12)), answer.subarray(head));
  };
  return http;
}
