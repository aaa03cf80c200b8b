import { received, receivedAll, takeFaults } from './audience.ts';
import { versionsOf } from './herd.ts';
import { makeLatencies } from './latencies.ts';
import type { Load } from './load.ts';
import { sendFrame, type Socket } from './socket.ts';

/** A chat, and the sockets of those in it. */
export interface Circle {
  chatId: number;
  sockets: readonly Socket[];
}

export interface Crowd {
  sockets: readonly Socket[];
  circles: readonly Circle[];
  /** Bytes of a message's text. */
  textBytes: number;
  /** Numbers from 0 up to but not including 1: who writes, where and when. */
  random: () => number;
}

/** Messages of a chat in the order of their versions. */
interface Written {
  /** The version of the first of them. */
  first: number;
  dueAt: number[];
  /** To how many sockets each has not come yet. */
  left: number[];
}

/** Milliseconds between two looks for what is due. */
const LOOK_MS = 1;

/**
 * Somebody of a chat writes into it, both drawn by lot, at the random moments of a Poisson process. A message waits
 * from the moment at which it was due, so that a driver that is late makes no server faster. Of two that are under way
 * in one chat it is taken that the first one is stored first: were they to change places, so would their times.
 *
 * @param perSecond messages over all chats.
 */
export function crowdWriting({ sockets, circles, textBytes, random }: Crowd, perSecond: number): Load {
  const before = received(sockets);
  const latencies = makeLatencies();
  const written = new Map<number, Written>();
  const due: { at: number; to: number }[] = [];
  let [sent, acknowledged, expected] = [0, 0, 0];
  let next = 0;
  let timer: NodeJS.Timeout | undefined;

  const writtenIn = ({ chatId, sockets: [one] }: Circle): Written => {
    const known = written.get(chatId);
    if (known !== undefined) return known;
    const made = { first: (one === undefined ? 0 : (versionsOf(one)[chatId] ?? 0)) + 1, dueAt: [], left: [] };
    written.set(chatId, made);
    return made;
  };
  const hear = (version: number, chatId: number): void => {
    const chat = written.get(chatId);
    if (chat === undefined) return;
    const index = version - chat.first;
    const left = (chat.left[index] ?? 0) - 1;
    chat.left[index] = left;
    const dueAt = chat.dueAt[index] ?? Number.NaN;
    if (left === 0) latencies.add(dueAt, performance.now() - dueAt);
  };
  const write = (at: number): void => {
    const circle = circles[Math.floor(random() * circles.length)];
    const sender = circle?.sockets[Math.floor(random() * circle.sockets.length)];
    if (circle === undefined || sender === undefined) return;
    const { dueAt, left } = writtenIn(circle);
    dueAt.push(at);
    // The sender's own socket hears of it too.
    left.push(circle.sockets.length);
    due.push({ at, to: circle.sockets.length });
    expected += circle.sockets.length;
    sent += 1;
    sender.wire.connection.write(sendFrame('main', circle.chatId, `${sent} `.padEnd(textBytes, 'x'), sent));
  };
  const look = (): void => {
    for (const now = performance.now(); next <= now; next -= (Math.log(1 - random()) * 1000) / perSecond) write(next);
    timer = setTimeout(look, LOOK_MS);
  };
  return {
    operation: 'sent',
    begin() {
      for (const socket of sockets) {
        socket.onMessage = hear;
        socket.onAck = () => {
          acknowledged += 1;
        };
      }
      next = performance.now();
      look();
    },
    done: () => sent,
    async end(from, to) {
      clearTimeout(timer);
      await receivedAll(sockets, before + expected);
      for (const socket of sockets) Object.assign(socket, { onMessage: undefined, onAck: undefined });
      const faults = takeFaults(sockets);
      const lacking = before + expected - received(sockets);
      if (lacking !== 0) faults.push(`${lacking} of ${expected} deliveries are missing`);
      if (acknowledged !== sent) faults.push(`${sent - acknowledged} of ${sent} messages were not acknowledged`);
      const told = due.reduce((sum, one) => sum + (one.at >= from && one.at < to ? one.to : 0), 0);
      return { faults, figures: { ...latencies.figures(from, to), 'delivered/s': (told / (to - from)) * 1000 } };
    },
  };
}
