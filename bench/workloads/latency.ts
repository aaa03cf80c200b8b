import { closeSockets, received, receivedAll, takeFaults } from '../driver/audience.ts';
import { makeLatencies } from '../driver/latencies.ts';
import type { Load } from '../driver/load.ts';
import { onlineGroup } from '../driver/online-group.ts';
import { sendFrame, type Door, type Socket } from '../driver/socket.ts';
import type { Workload } from '../workload.ts';

const ONLINE = 100;
export const PER_SECOND = 20;
const TEXT_BYTES = 128;

/** Rounds are so many times as long as others, since a 99th percentile needs some hundred messages. */
const LONGER = 2;

/** Someone writes at a calm rate into a group: from the send to the last of the others' receipts. */
export const latency: Workload = {
  name: 'w2',
  title: `W2 latency: ${PER_SECOND} messages a second into a group`,
  async run(context) {
    const { door, quick, seconds } = context.extent;
    const online = quick ? 10 : ONLINE;
    const { target, chatId, sockets } = await onlineGroup(context, online);
    const row = await context.measure(
      { name: `W2 ${PER_SECOND} messages/s to ${online} online`, headline: ['p50 ms', 'p99 ms'] },
      { parts: target.parts, seconds: seconds * LONGER },
      () => calmly(sockets, door, chatId),
    );
    closeSockets(sockets);
    return [row];
  },
};

/** The first socket sends at a calm rate to the others. */
export function calmly(sockets: Socket[], door: Door, chatId: number): Load {
  const [sender, ...others] = sockets;
  if (sender === undefined) throw new Error('there is nobody to send');
  const before = received(others);
  const latencies = makeLatencies();
  // By message, in the order of their versions, which is that in which they were sent.
  const sentAt: number[] = [];
  const lacking: number[] = [];
  let firstVersion: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const hear = (version: number): void => {
    firstVersion ??= version;
    const index = version - firstVersion;
    const left = (lacking[index] ?? 0) - 1;
    lacking[index] = left;
    const began = sentAt[index] ?? Number.NaN;
    if (left === 0) latencies.add(began, performance.now() - began);
  };
  const sendNext = (begun: number): void => {
    sentAt.push(performance.now());
    lacking.push(others.length);
    const text = `${sentAt.length} `.padEnd(TEXT_BYTES, 'x');
    sender.wire.connection.write(sendFrame(door, chatId, text, sentAt.length));
    // From the beginning, so that a late timer does not make the rate lower.
    timer = setTimeout(sendNext, begun + (sentAt.length * 1000) / PER_SECOND - performance.now(), begun);
  };
  return {
    operation: 'sent',
    begin() {
      for (const socket of others) socket.onMessage = hear;
      sendNext(performance.now());
    },
    done: () => sentAt.length,
    async end(from, to) {
      clearTimeout(timer);
      await receivedAll(others, before + sentAt.length * others.length);
      for (const socket of others) socket.onMessage = undefined;
      const faults = takeFaults(sockets);
      const missed = lacking.filter((left) => left !== 0).length;
      if (missed > 0) faults.push(`${missed} of ${sentAt.length} messages did not reach everybody once`);
      return { faults, figures: latencies.figures(from, to) };
    },
  };
}
