import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket as Connection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { closeSockets, received, receivedAll } from '../driver/audience.ts';
import type { Load } from '../driver/load.ts';
import { listenOn, type Socket } from '../driver/socket.ts';
import { openWire } from '../driver/wire.ts';
import { pinned } from '../pinned.ts';
import type { Context, Row } from '../workload.ts';
import { WriterReport, type WriterOrder } from './writer-messages.ts';

const PROGRAM = fileURLToPath(new URL('bare-writer.ts', import.meta.url));

/**
 * What a bare loop delivers that does nothing but write, in a process of its own where the server was: the limit of any
 * server in Node. The sinks are those of the workload.
 *
 * @param sinks how many sockets are written to.
 * @param frameBytes of a frame, its header included.
 * @param frames in one write, a row for each.
 */
export async function bareWrites(
  context: Context,
  { sinks, frameBytes, frames }: { sinks: number; frameBytes: number; frames: readonly number[] },
): Promise<Row[]> {
  const { ours, theirs } = await connections(sinks);
  const { program, args } = pinned(context.serverCore, [PROGRAM, String(sinks)]);
  // A parent may hand its sockets to a child as descriptors: so the child writes with nothing of Node's in between.
  const writer = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', ...theirs, 'ipc'] });
  for (const connection of theirs) connection.destroy();
  const parts = { server: writer.pid === undefined ? [] : [writer.pid] };
  const rows: Row[] = [];
  for (const inOne of frames) {
    const name = `limit: bare writes to ${sinks}, ${inOne} a write`;
    const makeLoad = (): Load => writing(writer, ours, aFrame(frameBytes), inOne);
    rows.push(await context.measure({ name, headline: ['delivered/s'] }, { parts: () => parts }, makeLoad));
  }
  closeSockets(ours);
  const ended = once(writer, 'exit');
  writer.disconnect();
  await ended;
  return rows;
}

/** So many connections of this process to itself: the ends that read, and those that are written to. */
async function connections(count: number): Promise<{ ours: Socket[]; theirs: Connection[] }> {
  const server = createServer({ noDelay: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A server at a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const ours: Socket[] = [];
  const theirs: Connection[] = [];
  while (ours.length < count) {
    const accepted = once(server, 'connection');
    ours.push(listenOn(await openWire(`http://127.0.0.1:${port}`)));
    const [connection] = (await accepted) as [Connection];
    theirs.push(connection);
  }
  server.close();
  return { ours, theirs };
}

/** A message frame of a server, of so many bytes. */
function aFrame(bytes: number): string {
  const HEADER = 4;
  const head = '{"type":"message","id":100000,"chat_id":1,"version":100000,"text":"';
  const payload = `${head.padEnd(bytes - HEADER - 2, 'x')}"}`;
  const length = String.fromCodePoint(payload.length >> 8, payload.length & 255);
  return `\u0081\u007e${length}${payload}`;
}

function writing(writer: ChildProcess, sinks: readonly Socket[], frame: string, frames: number): Load {
  const before = received(sinks);
  const tell = (order: WriterOrder): void => void writer.send(order);
  return {
    operation: 'delivered',
    begin: () => tell({ frame, frames }),
    done: () => received(sinks) - before,
    async end() {
      const reported = once(writer, 'message');
      tell({ stop: true });
      const [message] = await reported;
      const expected = before + Value.Parse(WriterReport, message).writes * frames;
      await receivedAll(sinks, expected);
      const lacking = expected - received(sinks);
      return { faults: lacking === 0 ? [] : [`${lacking} of ${expected - before} frames are missing`] };
    },
  };
}
