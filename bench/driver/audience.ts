import { setTimeout as sleep } from 'node:timers/promises';
import { closeSocket, openSocket, type Door, type Socket } from './socket.ts';
import type { Person } from './people.ts';

/** Sockets that are opened at once. */
const WIDTH = 16;

/** Milliseconds without a byte after which nothing more is on its way, and how long that is waited for. */
const QUIET_MS = 500;
const QUIET_WITHIN_MS = 30_000;

/** Opens a socket for each person, at the door of their chat or at that for everything; in the same order. */
export async function openSockets(
  url: string,
  door: Door,
  listeners: readonly { person: Person; chatId: number }[],
): Promise<Socket[]> {
  const sockets: Socket[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(WIDTH, listeners.length) }, async () => {
      while (next < listeners.length) {
        const index = next;
        next += 1;
        const listener = listeners[index];
        if (listener === undefined) return;
        const chatId = door === 'chat' ? listener.chatId : undefined;
        sockets[index] = await openSocket({ url, token: listener.person.token, chatId });
      }
    }),
  );
  return sockets;
}

export function closeSockets(sockets: readonly Socket[]): void {
  for (const socket of sockets) closeSocket(socket);
}

/** Waits until nothing comes any more: who has come is told to all others. */
export async function quiet(sockets: readonly Socket[]): Promise<void> {
  const deadline = performance.now() + QUIET_WITHIN_MS;
  const bytes = (): number => sockets.reduce((sum, { wire }) => sum + wire.connection.bytesRead, 0);
  for (let before = -1, now = bytes(); now !== before && performance.now() < deadline; now = bytes()) {
    before = now;
    await sleep(QUIET_MS);
  }
}

/** Message frames that have come to any of them. */
export function received(sockets: readonly Socket[]): number {
  let sum = 0;
  for (const socket of sockets) sum += socket.messages;
  return sum;
}

/** Waits until so many have come, at most as long as a message may take that is not lost. */
export async function receivedAll(sockets: readonly Socket[], count: number): Promise<void> {
  const deadline = performance.now() + QUIET_WITHIN_MS;
  while (received(sockets) < count && performance.now() < deadline) await sleep(20);
}

/** What was wrong on these sockets since the last time it was asked. */
export function takeFaults(sockets: readonly Socket[]): string[] {
  const faults = new Set<string>();
  let [gaps, doubles] = [0, 0];
  for (const socket of sockets) {
    gaps += socket.gaps;
    doubles += socket.doubles;
    for (const error of socket.errors) faults.add(error);
    Object.assign(socket, { gaps: 0, doubles: 0, errors: [] });
  }
  if (gaps > 0) faults.add(`${gaps} gaps`);
  if (doubles > 0) faults.add(`${doubles} doubles`);
  return [...faults];
}
