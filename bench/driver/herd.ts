import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from './people.ts';
import { openSocket, type Socket } from './socket.ts';

/** Somebody who is to come back, with the versions held by chat. */
export interface Returning {
  person: Person;
  since: Readonly<Record<string, number>>;
}

export interface Herd {
  /** In the order of those who were to come back; undefined: one who did not. */
  sockets: (Socket | undefined)[];
  /** When those had synced who did, in milliseconds since all began. */
  syncedAt: number[];
  /** How often the server asked to come later. */
  refusals: number;
}

/**
 * The bounds of the wait before another try, in milliseconds, as the client has them: the first, which doubles, and the
 * longest.
 */
const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** Milliseconds after which nobody tries any more. */
const PATIENCE_MS = 60_000;

/** What a server that refuses asks for, in seconds: in the head of its answer or in an error frame. */
const RETRY_AFTER = /retry[-_]after"?: ?(\d+)/i;

/**
 * All connect at once, sign in and sync; settles when the last has what it lacked, or has tried for a minute. Who is
 * refused waits as clients do.
 *
 * @param random spreads the waits: numbers from 0 up to but not including 1.
 */
export async function comeBack(url: string, people: readonly Returning[], random: () => number): Promise<Herd> {
  const began = performance.now();
  const syncedAt: number[] = [];
  let refusals = 0;
  const open = async ({ person, since }: Returning): Promise<Socket | undefined> => {
    for (let failures = 0; performance.now() < began + PATIENCE_MS; failures += 1) {
      try {
        const socket = await openSocket({ url, token: person.token, since });
        syncedAt.push(performance.now() - began);
        return socket;
      } catch (error) {
        refusals += 1;
        const asked = Number(RETRY_AFTER.exec(String(error))?.[1] ?? 0);
        await sleep(asked * 1000 + random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures));
      }
    }
    return undefined;
  };
  return { sockets: await Promise.all(people.map(open)), syncedAt, refusals };
}

/** Cuts connections as a network does that breaks: nobody says goodbye. */
export function cut(sockets: readonly Socket[]): void {
  for (const socket of sockets) {
    socket.closing = true;
    socket.wire.connection.resetAndDestroy();
  }
}

/** The versions that a socket has come to, by chat. */
export function versionsOf({ versions, chatId, version }: Socket): Record<string, number> {
  return { ...Object.fromEntries(versions), ...(chatId === 0 ? {} : { [chatId]: version }) };
}
