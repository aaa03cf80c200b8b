import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createFrameReader } from './frame-reader.ts';

// A crowd at the door of one chat, in a process of its own: some read, some stop reading at once. Run with the address,
// the path of the door, how many there are, how many of them stop, and how many messages will come. It prints `ready`,
// then `all` when those who read have all messages; on a line of input those who stopped go on, and once they are
// closed what everybody got is printed as JSON.

export interface CrowdReport {
  /** How many of those who read got each message once and in order. */
  complete: number;
  /** How many of those who stopped got messages without a gap, up to where they were closed. */
  withoutGap: number;
  /** Close codes of those who stopped, with how often each came. */
  codes: Record<string, number>;
}

interface Reader {
  stream: Socket;
  ids: number[];
  code: number;
  ended: Promise<void>;
}

/** Empty ones, with a mask of zeros. */
const PING = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

const [address = '', path = '', ...counts] = process.argv.slice(2);
const [count = 0, stopped = 0, messages = 0] = counts.map(Number);
let atEnd = 0;

async function open(stops: boolean): Promise<Reader> {
  const { hostname, port } = new URL(address);
  const stream = connect(Number(port), hostname);
  const ended = new Promise<void>((resolve) => {
    stream.once('close', () => resolve());
  });
  stream.on('error', () => {});
  const reader: Reader = { stream, ids: [], code: 0, ended };
  stream.write(
    `GET ${path} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  // The ping is answered once the socket is admitted.
  const admitted = new Promise<void>((resolve) => {
    stream.once('data', () => {
      stream.write(PING);
      stream.once('data', () => resolve());
    });
  });
  await admitted;
  if (stops) stream.pause();
  stream.on(
    'data',
    createFrameReader({
      text: (beginning) => {
        reader.ids.push(Number(/"id":(\d+)/.exec(beginning)?.[1]));
        if (reader.ids.length === messages) done();
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
    complete: reading.filter((reader) => reader.ids.length === messages && inOrder(reader)).length,
    withoutGap: stopping.filter((reader) => reader.ids.length < messages && inOrder(reader)).length,
    codes: Object.fromEntries([...codes].map(([code, { length }]) => [code, length])),
  };
  process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit());
}

const inOrder = ({ ids }: Reader): boolean => ids.every((id, index) => id === index + 1);

const reading: Reader[] = [];
const stopping: Reader[] = [];
for (let index = 0; index < count; index += 1) {
  if (index < stopped) stopping.push(await open(true));
  else reading.push(await open(false));
}
process.stdout.write('ready\n');
createInterface({ input: process.stdin }).once('line', () => {
  void report();
});
