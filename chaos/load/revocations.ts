import { setTimeout as delay } from 'node:timers/promises';
import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import type { Random } from '../../packages/server/testing/random.ts';
import type { Device } from '../devices/device.ts';
import type { Findings } from '../findings.ts';
import type { Rest } from '../rest.ts';

/** Knows which sessions have ended, and judges what their sockets hear after. */
export interface Fence {
  /** To be called with every frame. */
  hear(device: string, frame: SocketDownFrame, session: string): void;
  /** The server is asked to end the session. */
  ending(session: string): void;
  isEnding: (session: string) => boolean;
  /** The server has answered that the session is ended. */
  ended(session: string): void;
}

/** What another node may take to hear of the end of a session while the bus is whole. */
const NEWS_MS = 1000;
/** What a node that missed the news takes to find out by itself, from the return of the bus or by its watch (30 s). */
const RETURN_MS = 2000;
const WATCH_MS = 32_000;

/** @param busTroubles times at which the bus did not reach all servers, by `Date.now()`. */
export function createFence(
  findings: Findings,
  busTroubles: () => readonly { from: number; to: number | undefined }[],
): Fence {
  const ends = new Map<string, number>();
  const endings = new Set<string>();

  /** From when on nothing that is written may be heard any more. */
  function deadline(endedAt: number): number {
    let at = endedAt + NEWS_MS;
    for (const { from, to } of busTroubles()) {
      // One that had just ended counts too: the servers may not be back on the bus yet.
      if (from < at && (to ?? Infinity) + RETURN_MS > endedAt) at = Math.max(at, (to ?? Infinity) + RETURN_MS);
    }
    return Math.min(at, endedAt + WATCH_MS);
  }

  return {
    hear(device, frame, session) {
      const endedAt = ends.get(session);
      if (endedAt === undefined || frame.type !== 'message') return;
      // The moment it was written, by the clock of this machine: the way through proxies does not count.
      const writtenAt = Date.parse(frame.created_at);
      if (writtenAt > deadline(endedAt)) {
        findings.report('fence', `${device} heard a message written ${writtenAt - endedAt} ms after its session ended`);
      }
    },
    ending: (session) => void endings.add(session),
    isEnding: (session) => endings.has(session),
    ended: (session) => void ends.set(session, Date.now()),
  };
}

export interface RevocationParts {
  /** Pairs of devices of one user: the first ends the session of the second. */
  pairs: readonly (readonly [Device, Device])[];
  fence: Fence;
  rest: Rest;
  findings: Findings;
  random: Random;
  count: number;
  lengthMs: number;
  ended: AbortSignal;
}

/** Ends sessions of devices, which then sign in again. Settles with how often it was done. */
export async function revokeSessions(parts: RevocationParts): Promise<number> {
  const { pairs, fence, rest, findings, random, ended } = parts;
  let done = 0;
  for (let index = 0; index < parts.count && !ended.aborted && pairs.length > 0; index += 1) {
    await delay(random.below(parts.lengthMs / parts.count), undefined, { signal: ended }).catch(() => {});
    const [keeper, other] = random.pick(pairs);
    const session = other.session();
    if (session === undefined) continue;
    fence.ending(session);
    const { status } = await rest.insist('DELETE', `/auth/sessions/${session}`, { token: keeper.token() });
    if (![204, 404].includes(status)) findings.report('error', `ending a session was answered ${status}`);
    fence.ended(session);
    done += 1;
  }
  return done;
}
