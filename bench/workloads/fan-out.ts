import { bareWrites } from '../limit/bare-writes.ts';
import { ratioTo } from '../limit/ratio.ts';
import { summaryOf, validRounds } from '../summary.ts';
import { closeSockets, received, receivedAll, takeFaults } from '../driver/audience.ts';
import type { Load } from '../driver/load.ts';
import { onlineGroup } from '../driver/online-group.ts';
import { sendFrame, type Door, type Socket } from '../driver/socket.ts';
import type { Context, Row, Workload } from '../workload.ts';

/** Bytes of a message's text. */
const TEXT_BYTES = 128;

/** Messages that the sender has under way at once. */
const WINDOW = 32;

/** Frames that the limit puts into one write, beside one. */
const IN_ONE_WRITE = 16;

const FRAME_BYTES = 'bytes a frame';

/**
 * One writes into a group, as fast as it is acknowledged; all others are online. A delivery is a frame that one of them
 * got.
 */
export const fanOut: Workload = {
  name: 'w1',
  title: 'W1 fan-out: one sender, everybody else online',
  async run(context) {
    const rows: Row[] = [];
    for (const online of context.extent.quick ? [10] : [100, 500]) rows.push(...(await fanOutTo(context, online)));
    return rows;
  },
};

async function fanOutTo(context: Context, online: number): Promise<Row[]> {
  const { door } = context.extent;
  const { target, chatId, sockets } = await onlineGroup(context, online);
  const rows: Row[] = [];
  for (const window of [WINDOW, 1]) {
    const name = `W1 to ${online} online, ${window === 1 ? 'one message at a time' : `${window} under way`}`;
    const makeLoad = (): Load => sendingTo(sockets, door, chatId, window);
    rows.push(await context.measure({ name, headline: ['delivered/s'] }, target, makeLoad));
  }
  closeSockets(sockets);
  await target.stop();
  return [...rows, ...(await besideTheLimit(context, rows, online - 1))];
}

/** Many under way are compared with many frames in a write, one at a time with one. */
async function besideTheLimit(context: Context, rows: readonly Row[], sinks: number): Promise<Row[]> {
  const [many, one] = rows;
  const bytes = summaryOf(validRounds(rows.flatMap(({ rounds }) => rounds)), FRAME_BYTES)?.median;
  if (many === undefined || one === undefined || bytes === undefined) return [];
  const limits = await bareWrites(context, { sinks, frameBytes: Math.round(bytes), frames: [1, IN_ONE_WRITE] });
  const [single, joined] = limits;
  if (single === undefined || joined === undefined) return limits;
  return [...limits, ratioTo(many, joined), ratioTo(one, single)];
}

/** The first socket sends to the others, as many messages under way as the window says. */
export function sendingTo(sockets: Socket[], door: Door, chatId: number, window: number): Load {
  const [sender, ...others] = sockets;
  if (sender === undefined) throw new Error('there is nobody to send');
  const before = received(others);
  const bytesBefore = bytesOf(others);
  let [sent, acknowledged, ending] = [0, 0, false];
  const fill = (): void => {
    if (ending) return;
    const frames: Buffer[] = [];
    while (sent - acknowledged < window) {
      sent += 1;
      frames.push(sendFrame(door, chatId, `${sent} `.padEnd(TEXT_BYTES, 'x'), sent));
    }
    if (frames.length > 0) sender.wire.connection.write(Buffer.concat(frames));
  };
  return {
    operation: 'delivered',
    begin() {
      sender.onAck = () => {
        acknowledged += 1;
        // After all acks that came together are counted: what may follow them leaves in one write.
        queueMicrotask(fill);
      };
      fill();
    },
    done: () => received(others) - before,
    async end() {
      ending = true;
      const expected = before + sent * others.length;
      await receivedAll(others, expected);
      sender.onAck = undefined;
      const faults = takeFaults(sockets);
      const lacking = expected - received(others);
      if (lacking !== 0) faults.push(`${lacking} of ${expected - before} deliveries are missing`);
      if (acknowledged !== sent) faults.push(`${sent - acknowledged} of ${sent} messages were not acknowledged`);
      return { faults, figures: { [FRAME_BYTES]: (bytesOf(others) - bytesBefore) / (received(others) - before) } };
    },
  };
}

function bytesOf(sockets: readonly Socket[]): number {
  return sockets.reduce((sum, { messageBytes }) => sum + messageBytes, 0);
}
