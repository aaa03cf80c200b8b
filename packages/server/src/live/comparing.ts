import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/open.ts';
import { membershipsSince, versionsOf } from '../domain/changes.ts';
import { standingSessions } from '../domain/sessions.ts';
import type { Hub } from './hub.ts';
import { createMarkComparison } from './mark-comparing.ts';
import { PULSE_MS, type Nodes } from './nodes.ts';

/** Every so many pulses a node compares though it has no reason to: two times a minute. */
const PULSES_OF_A_COMPARISON = 60;

/** How far the clocks of servers may differ, and how long a transaction may take between its time and its commit. */
const SKEW_MS = 60_000;

/**
 * Compares what this node has heard with what the database holds, in one query for each kind of thing, and lets the
 * hub make up for the difference: versions of chats, chats that somebody came into, sessions that have ended.
 */
export async function compareWithDatabase(db: Db, hub: Hub, clock: Clock, since: Date): Promise<void> {
  const sessions = hub.sessions();
  if (sessions.length > 0) {
    const standing = await standingSessions(db, sessions, clock.now());
    hub.endSessions(sessions.filter((id) => !standing.has(id)));
  }
  const chats = hub.chats();
  if (chats.length > 0) hub.checkVersions(await versionsOf(db, chats));
  const users = hub.followed();
  if (users.length > 0) hub.checkMemberships(await membershipsSince(db, users, since));
}

/**
 * Compares when there is reason to: the bus is back, a node is heard again or has died, and with every pulse while one
 * lives that is out of hearing; and now and then without one. Returns what stops it.
 */
export function keepComparing(
  { db, hub, bus, nodes, clock }: { db: Db; hub: Hub; bus: Bus; nodes: Nodes; clock: Clock },
  onError: (error: unknown) => void,
): () => void {
  let pulses = 0;
  let comparing = false;
  let again = false;
  let compared = clock.now();
  /** There is, or was, a node that may have marked what this one has not heard of. */
  let shared = false;
  const compareMarks = createMarkComparison(db, hub);

  async function compare(): Promise<void> {
    again = true;
    if (comparing) return;
    comparing = true;
    while (again) {
      again = false;
      const since = new Date(compared.getTime() - SKEW_MS);
      const began = clock.now();
      try {
        await compareWithDatabase(db, hub, clock, since);
        shared ||= nodes.others().length > 0;
        if (shared) await compareMarks(since);
        compared = began;
      } catch (error) {
        onError(error);
      }
    }
    comparing = false;
  }

  async function pulse(): Promise<void> {
    pulses += 1;
    await nodes.pulse().catch(onError);
    const cutOff = !bus.connected() && nodes.others().length > 0;
    if (cutOff || nodes.outOfHearing() || pulses % PULSES_OF_A_COMPARISON === 0) await compare();
  }

  const stops = [
    bus.onConnection((connected) => connected && void compare()),
    nodes.onHeard(() => void compare()),
    nodes.onGone(() => void compare()),
  ];
  const timer = setInterval(() => void pulse(), PULSE_MS).unref();
  void pulse();
  return () => {
    clearInterval(timer);
    for (const stop of stops) stop();
  };
}
