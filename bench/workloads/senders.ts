import { closeSockets, openSockets, quiet, received, receivedAll, takeFaults } from '../driver/audience.ts';
import { bareInserts } from '../limit/inserts.ts';
import { ratioTo } from '../limit/ratio.ts';
import { findNumber, numberAfter } from '../driver/frame-bytes.ts';
import { openHttp, requestBytes } from '../driver/http.ts';
import { makeLatencies } from '../driver/latencies.ts';
import type { Load } from '../driver/load.ts';
import { makeGroups, signInPeople, type Person } from '../driver/people.ts';
import { asking, type Asker } from '../driver/requests.ts';
import { sendFrame, type Door, type Socket } from '../driver/socket.ts';
import type { Target } from '../driver/target.ts';
import type { Context, Row, Workload } from '../workload.ts';

const CHATS = 32;
const TEXT_BYTES = 128;

/** Messages that each of the senders has under way where there are many of them. */
const MANY = 8;

/** Rows of one insert of the limit, beside one. */
const TOGETHER = 100;

/** A chat of two, in which one writes and the other listens. */
export interface Pair {
  chatId: number;
  writer: Person;
  listener: Person;
}

/**
 * Many write at once, each into a chat of their own. A send is done when it is acknowledged, which is after its commit.
 */
export const senders: Workload = {
  name: 'w3',
  title: 'W3 senders: many write at once, each into a chat of two',
  async run(context) {
    const target = await context.startServer();
    const count = context.extent.quick ? 4 : CHATS;
    const people = await signInPeople(target, 2 * count);
    const couples = Array.from({ length: count }, (_, index) => people.slice(2 * index, 2 * index + 2));
    const chatIds = await makeGroups(target.url, couples);
    const pairs = couples.flatMap(([writer, listener], index): Pair[] =>
      writer === undefined || listener === undefined ? [] : [{ chatId: chatIds[index] ?? 0, writer, listener }],
    );
    const overSockets = await throughSockets(context, target, pairs);
    const overRest = await throughRest(context, target, pairs);
    const limits = await bareInserts(context, target, [1, TOGETHER]);
    const together = limits.at(-1);
    const ratios = together === undefined ? [] : overSockets.map((row) => ratioTo(row, together));
    return [...overSockets, overRest, ...limits, ...ratios];
  },
};

async function throughSockets(context: Context, target: Target, pairs: readonly Pair[]): Promise<Row[]> {
  const { door } = context.extent;
  const { url } = target;
  const writing = await openSockets(
    url,
    door,
    pairs.map(({ chatId, writer }) => ({ chatId, person: writer })),
  );
  const listening = await openSockets(
    url,
    door,
    pairs.map(({ chatId, listener }) => ({ chatId, person: listener })),
  );
  await quiet([...writing, ...listening]);
  const rows: Row[] = [];
  for (const underWay of [1, MANY]) {
    const name = `W3 ${pairs.length * underWay} sends under way, ${pairs.length} sockets`;
    const row = { name, headline: ['sends/s', 'p50 ms', 'p99 ms'] };
    rows.push(await context.measure(row, target, () => sending(pairs, writing, listening, door, underWay)));
  }
  closeSockets([...writing, ...listening]);
  return rows;
}

/** Each writer sends as soon as it was acknowledged, with so many under way; each listener is to get all of it. */
export function sending(
  pairs: readonly Pair[],
  writing: readonly Socket[],
  listening: readonly Socket[],
  door: Door,
  underWay: number,
): Load {
  const before = received(listening);
  const latencies = makeLatencies();
  let [sent, acknowledged, ending] = [0, 0, false];
  const sentAt: number[] = [];
  const send = (index: number, socket: Socket): void => {
    sentAt.push(performance.now());
    const text = `${sent} `.padEnd(TEXT_BYTES, 'x');
    socket.wire.connection.write(sendFrame(door, pairs[index]?.chatId ?? 0, text, sent));
    sent += 1;
  };
  return {
    operation: 'sends',
    begin() {
      for (const [index, socket] of writing.entries()) {
        socket.onAck = (ref) => {
          acknowledged += 1;
          const now = performance.now();
          latencies.add(now, now - (sentAt[ref] ?? Number.NaN));
          if (!ending) send(index, socket);
        };
        for (let one = 0; one < underWay; one += 1) send(index, socket);
      }
    },
    done: () => acknowledged,
    async end(from, to) {
      ending = true;
      await receivedAll(listening, before + sent);
      for (const socket of writing) socket.onAck = undefined;
      const faults = takeFaults([...writing, ...listening]);
      const lacking = before + sent - received(listening);
      if (lacking !== 0) faults.push(`${lacking} of ${sent} messages did not come to who listens`);
      if (acknowledged !== sent) faults.push(`${sent - acknowledged} of ${sent} messages were not acknowledged`);
      return { faults, figures: latencies.figures(from, to) };
    },
  };
}

async function throughRest(context: Context, target: Target, pairs: readonly Pair[]): Promise<Row> {
  const askers = await Promise.all(pairs.map(async (pair) => sender(target.url, pair)));
  const row = { name: `W3 ${pairs.length} sends under way, REST`, headline: ['sends/s', 'p50 ms', 'p99 ms'] };
  const measured = await context.measure(row, target, () => asking('sends', askers));
  for (const { http } of askers) http.close();
  return measured;
}

const versionIn = numberAfter('version');

async function sender(url: string, { chatId, writer }: Pair): Promise<Asker> {
  const path = `/api/v1/messages/${chatId}/send`;
  const request = requestBytes({ method: 'POST', path, token: writer.token, json: { text: 'x'.repeat(TEXT_BYTES) } });
  let version: number | undefined;
  return {
    http: await openHttp(url),
    next: () => request,
    check(status, body) {
      if (status !== 201) return `a send was answered ${status}`;
      const before = version;
      version = findNumber(versionIn, body, 0, body.length);
      return before === undefined || version === before + 1 ? undefined : `version ${version} came after ${before}`;
    },
  };
}
