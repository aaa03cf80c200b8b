import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createFrameReader } from './frame-reader.ts';
import { rawFrame } from './raw-socket.ts';

// A crowd in a process of its own: some read at the door of one chat, some follow all chats of the same user and stop
// reading at once. Run with the address, the chat, the token, how many there are, how many of them stop, and how many
// messages will come in the chat. It prints `ready`, then `all` when those who read have all messages; on a line of input
// those who stopped go on, and once they are closed what everybody got is printed as JSON.

export interface CrowdReport {
  /** How many of those who read got each message once and in order. */
  complete: number;
  /** How many of those who stopped got the messages of each chat without a gap, up to where they were closed. */
  withoutGap: number;
  /** Close codes of those who stopped, with how often each came. */
  codes: Record<string, number>;
}

interface Reader {
  stream: Socket;
  /** Ids by chat, in the order in which they came. */
  heard: Map<string, number[]>;
  code: number;
  ended: Promise<void>;
}

const PONG = rawFrame('', { opcode: 10 });

/** How many connect at one time. */
const AT_ONCE = 50;

const [address = '', chat = '', token = '', ...counts] = process.argv.slice(2);
const [count = 0, stopped = 0, messages = 0] = counts.map(Number);
let atEnd = 0;

async function open(stops: boolean): Promise<Reader> {
  const { hostname, port } = new URL(address);
  const stream = connect(Number(port), hostname);
  const ended = new Promise<void>((resolve) => {
    stream.once('close', () => resolve());
  });
  stream.on('error', () => {});
  const reader: Reader = { stream, heard: new Map(), code: 0, ended };
  const path = stops ? '/ws' : `/ws/${chat}?token=${token}`;
  stream.write(
    `GET ${path} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(stream, 'data');
  if (stops) {
    stream.write(rawFrame(JSON.stringify({ type: 'auth', token })));
    stream.write(rawFrame(JSON.stringify({ type: 'sync', since: {} })));
  }
  // Whoever is not admitted, or not synced, yet is answered later.
  stream.write(rawFrame(JSON.stringify({ type: stops ? 'ping' : 'nothing', ref: 'joined' })));
  for (let received = ''; !received.includes('"joined"');) received += String((await once(stream, 'data'))[0]);
  if (stops) stream.pause();
  stream.on(
    'data',
    createFrameReader({
      text: (beginning) => {
        const [, id, chatId] = /^\{"type":"message","id":(\d+),"chat_id":(\d+)/.exec(beginning) ?? [];
        if (chatId === undefined) return;
        const ids = reader.heard.get(chatId) ?? [];
        reader.heard.set(chatId, ids);
        ids.push(Number(id));
        if (chatId === chat && ids.length === messages) done();
      },
      ping: () => stream.write(PONG),
      close: (code) => {
        reader.code = code;
        stream.end();
      },
    }),
  );
  return reader;
}

/** One more has all messages; those who stopped are not among them. */
function done(): void {
  atEnd += 1;
  if (atEnd === count - stopped) process.stdout.write('all\n');
}

/** Lets those who stopped go on until they are closed, and says what everybody got. */
async function report(): Promise<void> {
  for (const { stream } of stopping) stream.resume();
  await Promise.all(stopping.map(async ({ ended }) => ended));
  const codes = Map.groupBy(stopping, ({ code }) => code);
  const found: CrowdReport = {
    complete: reading.filter((reader) => reader.heard.get(chat)?.length === messages && inOrder(reader)).length,
    withoutGap: stopping.filter(inOrder).length,
    codes: Object.fromEntries([...codes].map(([code, { length }]) => [code, length])),
  };
  process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit());
}

const inOrder = ({ heard }: Reader): boolean =>
  [...heard.values()].every((ids) => ids.every((id, index) => id === index + 1));

const reading: Reader[] = [];
const stopping: Reader[] = [];
while (reading.length < count - stopped) {
  const some = Math.min(AT_ONCE, count - stopped - reading.length);
  reading.push(...(await Promise.all(Array.from({ length: some }, async () => open(false)))));
}
stopping.push(...(await Promise.all(Array.from({ length: stopped }, async () => open(true)))));
// Who stops reading still says that they live, or the server would cut them off for that, on a slow machine.
setInterval(() => {
  for (const { stream } of stopping) stream.write(PONG);
}, 5000);
process.stdout.write('ready\n');
createInterface({ input: process.stdin }).once('line', () => {
  void report();
});
