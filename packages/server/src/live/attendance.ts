import type { Clock, Stopwatch } from '../clock.ts';
import type { Sighting } from '../domain/last-seen.ts';
import { createLane } from '../domain/lane.ts';

/** How long, in milliseconds, a user without a socket still counts as online: a page that is loaded anew is back by then. */
export const GRACE_MS = 10_000;

/** Users asked for in one query at most. */
const MAX_BATCH = 1000;

/** Which users have sockets open at this node, and whether they may be seen. */
export interface Attendance {
  /** A socket of a user's is open. */
  connected: (userId: number) => void;
  /** One that was is closed. */
  disconnected: (userId: number) => void;
  /** Whether a user at this node shows when they are online, and so sees others; settles once that is known. */
  isVisible(userId: number): Promise<boolean>;
  /** The same by what is known already. */
  knownVisible: (userId: number) => boolean;
  /** A user has decided whether to be seen. */
  decided: (userId: number, visible: boolean) => void;
  /** Looks up again who hides, in case it was not heard, and stores that those who do not were seen just now. */
  check(): Promise<void>;
}

export interface AttendanceOptions {
  clock: Clock;
  stopwatch: Stopwatch;
  hiddenAmong: (userIds: readonly number[]) => Promise<ReadonlySet<number>>;
  store: (sightings: readonly Sighting[]) => Promise<void>;
  came: (userId: number) => void;
  /** @param seenAt milliseconds; null for one who hides from now on. */
  went: (userId: number, seenAt: number | null) => void;
  onError: (error: unknown) => void;
}

interface Present {
  sockets: number;
  /** When the last socket closed, by the stopwatch and by the clock. */
  closedAt: number;
  /** In milliseconds. */
  seenAt: number;
  /** Undefined until it is looked up. */
  visible: boolean | undefined;
  /** While that is done. */
  lookingUp: Promise<void> | undefined;
}

export function createAttendance(options: AttendanceOptions): Attendance {
  const { clock, stopwatch, hiddenAmong, store, came, went, onError } = options;
  const users = new Map<number, Present>();

  // There are no more to wait than there are users at this node.
  const unbounded = {
    maxBatch: MAX_BATCH,
    maxWaiting: Number.POSITIVE_INFINITY,
    maxWaitMs: Number.POSITIVE_INFINITY,
    refuse: () => new Error('who is here was refused'),
    now: stopwatch.elapsed,
  };
  /** What is asked while a query is under way goes into the next one, all together. */
  const isHidden = createLane<number, boolean>(async (userIds) => {
    const hidden = await hiddenAmong(userIds);
    return userIds.map((userId) => hidden.has(userId));
  }, unbounded);
  const stored = createLane<Sighting, true>(async (sightings) => {
    await store(sightings);
    return sightings.map(() => true);
  }, unbounded);

  function decide(userId: number, user: Present, visible: boolean): void {
    if (users.get(userId) !== user || user.visible === visible) return;
    const wasVisible = user.visible === true;
    user.visible = visible;
    if (visible) came(userId);
    else if (wasVisible) went(userId, null);
  }

  async function lookUp(userId: number, user: Present): Promise<void> {
    try {
      const hidden = await isHidden(userId);
      // What the user decided meanwhile is newer.
      if (user.visible === undefined) decide(userId, user, !hidden);
    } catch (error) {
      onError(error);
    }
    user.lookingUp = undefined;
  }

  function arrive(userId: number): Present {
    const user: Present = {
      sockets: 0,
      closedAt: 0,
      seenAt: clock.now().getTime(),
      visible: undefined,
      lookingUp: undefined,
    };
    users.set(userId, user);
    user.lookingUp = lookUp(userId, user);
    return user;
  }

  const isAway = (user: Present): boolean => user.sockets === 0 && stopwatch.elapsed() >= user.closedAt + GRACE_MS;

  async function leaveIfAway(userId: number, user: Present): Promise<void> {
    if (users.get(userId) !== user || !isAway(user)) return;
    // Stored before it is told, so that whoever is told and asks for more finds it.
    if (user.visible === true) await stored({ userId, at: new Date(user.seenAt) }).catch(onError);
    if (users.get(userId) !== user || !isAway(user)) return;
    users.delete(userId);
    if (user.visible === true) went(userId, user.seenAt);
  }

  return {
    connected(userId) {
      const user = users.get(userId) ?? arrive(userId);
      user.sockets += 1;
    },
    disconnected(userId) {
      const user = users.get(userId);
      if (user === undefined) return;
      user.sockets -= 1;
      if (user.sockets > 0) return;
      user.closedAt = stopwatch.elapsed();
      user.seenAt = clock.now().getTime();
      stopwatch.later(GRACE_MS, () => void leaveIfAway(userId, user));
    },
    async isVisible(userId) {
      await users.get(userId)?.lookingUp;
      return users.get(userId)?.visible === true;
    },
    knownVisible: (userId) => users.get(userId)?.visible === true,
    decided(userId, visible) {
      const user = users.get(userId);
      if (user !== undefined) decide(userId, user, visible);
    },
    async check() {
      const checked = [...users];
      for (let from = 0; from < checked.length; from += MAX_BATCH) {
        const some = checked.slice(from, from + MAX_BATCH);
        const before = some.map(([, user]) => user.visible);
        const hidden = await hiddenAmong(some.map(([userId]) => userId));
        for (const [index, [userId, user]] of some.entries()) {
          // What the user decided meanwhile is newer.
          if (user.visible === before[index]) decide(userId, user, !hidden.has(userId));
        }
        const now = clock.now();
        const seen = some.filter(([, user]) => user.visible === true);
        await store(seen.map(([userId, user]) => ({ userId, at: user.sockets > 0 ? now : new Date(user.seenAt) })));
      }
    },
  };
}
