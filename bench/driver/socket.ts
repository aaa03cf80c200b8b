import { ErrorFrame } from '@beseda/protocol/frames.ts';
import { SyncedFrame } from '@beseda/protocol/socket.ts';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import {
  clientFrame,
  findNumber,
  isMessage,
  numberAfter,
  opcodes,
  readHeader,
  typeAt,
  type Span,
} from './frame-bytes.ts';
import { openWire, type Wire } from './wire.ts';

/** `main`: `/ws`, the one that clients use. `chat`: `/ws/{chat_id}`. */
export type Door = 'main' | 'chat';

/**
 * A cheap client: it walks the frames that come, counts messages and looks at their versions, and reads as text only
 * what comes rarely.
 */
export interface Socket {
  wire: Wire;
  /** Message frames that have come since it was opened. */
  messages: number;
  /** Bytes of them, headers included. */
  messageBytes: number;
  /** The version up to which it has heard, by chat. */
  versions: Map<number, number>;
  /** Message frames that came past a version that had not, and of a version that had. */
  gaps: number;
  doubles: number;
  /** What else was wrong: errors of the server, the socket's end. */
  errors: string[];
  /** Hears of each message after it is counted. */
  onMessage: ((version: number, chatId: number) => void) | undefined;
  /** Hears of each ack by the `ref` of what was sent. */
  onAck: ((ref: number) => void) | undefined;
  /** Hears of the frames that are none of these two; only until it has synced. */
  onOther: ((type: string, text: string) => void) | undefined;
  /** The chat that the latest message was in, and its version: nearly always that of the next one too. */
  chatId: number;
  version: number;
  carried: Buffer | undefined;
  closing: boolean;
}

export interface SocketOptions {
  url: string;
  token: string;
  /** Undefined: the door for everything. */
  chatId?: number | undefined;
  /** Versions that it holds: only what is newer comes, at the main door. */
  since?: Readonly<Record<string, number>>;
  /** False: it only sends, and hears of nothing but its acks; at the main door. */
  listens?: boolean;
}

/** Opens a socket; settles when it has signed in and, where it listens at the main door, synced. */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const { url, token, chatId, since = {}, listens = true } = options;
  const wire = await openWire(url);
  const socket = listenOn(wire);
  const hearEnd = wire.ended;
  for (const [id, version] of Object.entries(since)) socket.versions.set(Number(id), version);
  const path = chatId === undefined ? '/ws' : `/ws/${chatId}?token=${token}`;
  await upgrade(socket, path);
  if (chatId === undefined) await signIn(socket, token, listens ? since : undefined);
  wire.ended = hearEnd;
  return socket;
}

/** Ends it from this side, which is no fault. */
export function closeSocket(socket: Socket): void {
  socket.closing = true;
  socket.wire.connection.destroy();
}

/** The frame that sends a message; its ack has the `ref`. */
export function sendFrame(door: Door, chatId: number, text: string, ref: number): Buffer {
  const frame = { type: 'message', ...(door === 'main' ? { chat_id: chatId } : {}), text, ref: String(ref) };
  return clientFrame(JSON.stringify(frame));
}

/** Takes what comes over a connection as frames. */
export function listenOn(wire: Wire): Socket {
  const socket: Socket = {
    wire,
    messages: 0,
    messageBytes: 0,
    versions: new Map(),
    gaps: 0,
    doubles: 0,
    errors: [],
    onMessage: undefined,
    onAck: undefined,
    onOther: undefined,
    chatId: 0,
    version: 0,
    carried: undefined,
    closing: false,
  };
  wire.take = (bytes, count) => feed(socket, bytes, count);
  wire.ended = (why) => {
    if (!socket.closing) socket.errors.push(why);
  };
  return socket;
}

async function upgrade(socket: Socket, path: string): Promise<void> {
  const { wire } = socket;
  const takeFrames = wire.take;
  return new Promise((resolve, reject) => {
    let head = '';
    wire.ended = (why) => reject(new Error(`${why}, before the socket was open: ${head}`));
    wire.take = (bytes, length) => {
      head += bytes.toString('latin1', 0, length);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith('HTTP/1.1 101 ')) {
        reject(new Error(`a socket was answered ${head.slice(0, end)}`));
        return;
      }
      wire.take = takeFrames;
      const rest = Buffer.from(head.slice(end + 4), 'latin1');
      resolve();
      // After whoever awaits the opening has begun to listen.
      if (rest.length > 0) setImmediate(() => takeFrames(rest, rest.length));
    };
    wire.connection.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        // The example of RFC 6455: whether the answer fits it is not what is measured here.
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
  });
}

/** @param since undefined: it does not sync. */
async function signIn(socket: Socket, token: string, since: Readonly<Record<string, number>> | undefined) {
  await new Promise<void>((resolve, reject) => {
    socket.wire.ended = (why) => reject(new Error(`${why}, before it had synced`));
    socket.onOther = (type, text) => {
      if (type === 'error') reject(new Error(`a socket was answered ${text}`));
      else if (type === 'hello' && since !== undefined) send(socket, { type: 'sync', since });
      else if (type === 'hello' || type === 'synced') resolve();
    };
    send(socket, { type: 'auth', token });
  });
  socket.onOther = undefined;
}

function send(socket: Socket, frame: object): void {
  socket.wire.connection.write(clientFrame(JSON.stringify(frame)));
}

const span: Span = { opcode: 0, from: 0, end: 0 };
const versionIn = numberAfter('version');
const chatIn = numberAfter('chat_id');

/** Takes what came, in which frames may begin and end anywhere. */
function feed(socket: Socket, read: Buffer, count: number): void {
  let bytes = read;
  let end = count;
  if (socket.carried !== undefined) {
    bytes = Buffer.concat([socket.carried, read.subarray(0, count)]);
    end = bytes.length;
    socket.carried = undefined;
  }
  let at = 0;
  while (readHeader(bytes, at, end, span) && span.end <= end) {
    const next = span.end;
    if (span.opcode !== opcodes.text) control(socket, bytes);
    else if (isMessage(bytes, span.from)) {
      socket.messages += 1;
      socket.messageBytes += next - at;
      message(socket, findNumber(chatIn, bytes, span.from, next), findNumber(versionIn, bytes, span.from, next));
    } else other(socket, bytes, span.from, next);
    at = next;
  }
  if (at < end) socket.carried = Buffer.from(bytes.subarray(at, end));
}

function message(socket: Socket, chatId: number, version: number): void {
  if (chatId !== socket.chatId) {
    if (socket.chatId !== 0) socket.versions.set(socket.chatId, socket.version);
    socket.chatId = chatId;
    // A chat of which nothing is known begins with what comes.
    socket.version = socket.versions.get(chatId) ?? version - 1;
  }
  if (version <= socket.version) socket.doubles += 1;
  else {
    if (version > socket.version + 1) socket.gaps += 1;
    socket.version = version;
  }
  socket.onMessage?.(version, chatId);
}

function control(socket: Socket, bytes: Buffer): void {
  const payload = Buffer.from(bytes.subarray(span.from, span.end));
  if (span.opcode === opcodes.ping) socket.wire.connection.write(clientFrame(payload, opcodes.pong));
  else if (span.opcode === opcodes.close && !socket.closing) {
    socket.errors.push(`the server closed a socket: ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`);
    // Without the answer that RFC 6455 asks for (section 5.5.1) the server waits for it.
    socket.wire.connection.end(clientFrame(payload, opcodes.close));
  }
}

const refIn = Buffer.from('"ref":"');

function other(socket: Socket, bytes: Buffer, from: number, end: number): void {
  const type = typeAt(bytes, from, end);
  if (type === 'ack') {
    const ref = bytes.indexOf(refIn, from) + refIn.length;
    socket.onAck?.(Number(bytes.toString('latin1', ref, bytes.indexOf('"', ref))));
    return;
  }
  if (type === 'error' || type === 'synced' || socket.onOther !== undefined) {
    const text = bytes.toString('utf8', from, end);
    if (type === 'synced') setVersions(socket, parse(SyncedFrame, text).versions);
    if (type === 'error') socket.errors.push(parse(ErrorFrame, text).error);
    socket.onOther?.(type, text);
  }
  // A change of a chat that is no message, a member say, takes a version too.
  if (type === 'member' || type === 'chat') {
    const [chatId, version] = [findNumber(chatIn, bytes, from, end), findNumber(versionIn, bytes, from, end)];
    setVersions(socket, { [chatId]: version });
  }
}

function setVersions(socket: Socket, versions: Readonly<Record<string, number>>): void {
  for (const [chatId, version] of Object.entries(versions)) socket.versions.set(Number(chatId), version);
  // The next message looks its chat up again.
  if (socket.chatId !== 0 && !(socket.chatId in versions)) socket.versions.set(socket.chatId, socket.version);
  socket.chatId = 0;
}

function parse<S extends TSchema>(schema: S, text: string) {
  return Value.Parse(schema, JSON.parse(text));
}
