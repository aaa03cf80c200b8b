import { PRESENCE_TOLD, type OnlineFrame, type PresenceFrame, type UserPresence } from '@beseda/protocol/presence.ts';
import type { Clock, Stopwatch } from '../clock.ts';
import type { Sighting } from '../domain/last-seen.ts';
import type { MemberList } from '../domain/member-lists.ts';
import { createLane } from '../domain/lane.ts';
import { createAttendance } from './attendance.ts';
import type { BusMessages } from './bus-messages.ts';
import type { Hub } from './hub.ts';
import type { Nodes } from './nodes.ts';
import { createOnlineUsers } from './online-users.ts';
import { createPresenceExchange } from './presence-exchange.ts';
import { createPresenceTelling, presenceFrames } from './presence-telling.ts';
import { createRosters, type Rosters } from './rosters.ts';

/** How often, in milliseconds, nodes say how far they are with who is online. */
export const BEAT_MS = 5000;

/** Every so many beats it is stored that those who are online were seen: once a minute. */
const BEATS_OF_A_CHECK = 12;

/** Chats whose members are looked up in one query at most. */
const LISTS_OF_ONE_QUERY = 1000;

/** People that a socket is told of when it has synced, at most. */
const GREETED = 1000;

/** A socket that is to be told the present state. */
export interface Newcomer {
  userId: number;
  /** Whether it listens to a chat still. */
  hears(chatId: number): boolean;
  deliver(encoded: Buffer): void;
}

/** Who is online, over all nodes. */
export interface Presence {
  /** A socket of a user's is open at this node. */
  connected: (userId: number) => void;
  /** One that was is closed. */
  disconnected: (userId: number) => void;
  /** Tells a socket that has begun to listen to chats who of their members is online. Never rejects. */
  greet(newcomer: Newcomer, chatIds: readonly number[]): Promise<void>;
  isOnline: (userId: number) => boolean;
  /** A user has decided whether others may see it; to be called once that is stored. */
  decided(userId: number, visible: boolean): void;
  /** How many are in a chat that somebody here listens to. */
  sizeOf: (chatId: number) => number | undefined;
  /** Called every {@link BEAT_MS}. */
  beat(): Promise<void>;
  /** Stores when those at this node were seen last, and hears no more. */
  stop(): Promise<void>;
}

export interface PresenceOptions {
  id: string;
  hub: Hub;
  messages: BusMessages;
  nodes: Pick<Nodes, 'onHeard' | 'onGone'>;
  clock: Clock;
  stopwatch: Stopwatch;
  encode: (frame: PresenceFrame | OnlineFrame) => Buffer;
  /** What is asked of the database. */
  memberListsOf: (chatIds: readonly number[]) => Promise<MemberList[]>;
  hiddenAmong: (userIds: readonly number[]) => Promise<ReadonlySet<number>>;
  lastSeenOf: (userIds: readonly number[]) => Promise<ReadonlyMap<number, Date>>;
  storeLastSeen: (sightings: readonly Sighting[]) => Promise<void>;
  onError: (error: unknown) => void;
}

const afterTurn = (act: () => void): void => void setImmediate(act);

export function createPresence(options: PresenceOptions): Presence {
  const { id, hub, messages, nodes, clock, stopwatch, encode, onError } = options;
  // Chats that are asked for while a query is under way go into the next one, all together: when all clients come back
  // at once, a query for each would take the connections that their syncs need.
  const memberListOf = createLane<number, MemberList | null>(
    async (chatIds) => {
      const lists = new Map((await options.memberListsOf(chatIds)).map((list) => [list.chatId, list]));
      return chatIds.map((chatId) => lists.get(chatId) ?? null);
    },
    {
      maxBatch: LISTS_OF_ONE_QUERY,
      maxWaiting: Number.POSITIVE_INFINITY,
      maxWaitMs: Number.POSITIVE_INFINITY,
      refuse: () => new Error('who is in a chat was refused'),
      now: stopwatch.elapsed,
    },
  );
  const rosters = createRosters(async (chatIds) => {
    const lists = await Promise.all(chatIds.map(memberListOf));
    return lists.filter((list) => list !== null);
  }, onError);
  const online = createOnlineUsers((userId, seenAt) => telling.changed(userId, seenAt));
  const attendance = createAttendance({
    clock,
    stopwatch,
    hiddenAmong: options.hiddenAmong,
    store: options.storeLastSeen,
    came: (userId) => exchange.came(userId),
    went: (userId, seenAt) => exchange.went(userId, seenAt),
    onError,
  });
  const telling = createPresenceTelling({
    rosters,
    isOnline: online.isOnline,
    sees: attendance.knownVisible,
    listenersOf: hub.listenersOf,
    encode,
    stopwatch,
    afterTurn,
  });
  const exchange = createPresenceExchange({
    id,
    messages,
    online,
    elapsed: stopwatch.elapsed,
    now: () => clock.now().getTime(),
    afterTurn,
    onDecided: attendance.decided,
    onLost: (userIds, at) => void options.storeLastSeen(userIds.map((userId) => ({ userId, at }))).catch(onError),
  });
  const stops = [
    nodes.onHeard(exchange.heard),
    nodes.onGone(exchange.gone),
    hub.watch({
      told(event) {
        const moved = rosters.told(event);
        if (moved !== undefined && event.frame.type === 'member')
          telling.moved(event.chatId, event.frame.user_id, moved);
      },
      skipped: rosters.skipped,
      closed(chatId) {
        rosters.drop(chatId);
        telling.drop(chatId);
      },
    }),
  ];
  let beats = 0;

  async function greet(newcomer: Newcomer, chatIds: readonly number[]): Promise<void> {
    const { userId } = newcomer;
    await rosters.load(chatIds);
    const visible = await attendance.isVisible(userId);
    const away = visible ? peopleIn(rosters, chatIds, userId, online.isOnline).away : [];
    const lastSeen = away.length > 0 ? await options.lastSeenOf(away) : new Map<number, Date>();
    // From here on all is of one moment: chats may have been left while the database was asked.
    const heard = chatIds.filter((chatId) => newcomer.hears(chatId));
    if (attendance.knownVisible(userId)) {
      const people = peopleIn(rosters, heard, userId, online.isOnline);
      const users: UserPresence[] = [
        ...people.present.map((personId) => ({ user_id: personId, online: true, last_seen_at: null })),
        ...people.away.flatMap((personId) => {
          const seenAt = lastSeen.get(personId)?.toISOString();
          return seenAt === undefined ? [] : [{ user_id: personId, online: false, last_seen_at: seenAt }];
        }),
      ];
      for (const frame of presenceFrames(users)) newcomer.deliver(encode(frame));
    }
    for (const chatId of heard) {
      if ((rosters.of(chatId)?.members.size ?? 0) <= PRESENCE_TOLD.maxMembers) continue;
      newcomer.deliver(encode({ type: 'online', chat_id: chatId, count: telling.count(chatId) }));
    }
  }

  return {
    connected: attendance.connected,
    disconnected: attendance.disconnected,
    greet: async (newcomer, chatIds) => greet(newcomer, chatIds).catch(onError),
    isOnline: online.isOnline,
    decided(userId, visible) {
      attendance.decided(userId, visible);
      exchange.decided(userId, visible);
    },
    sizeOf: (chatId) => rosters.of(chatId)?.members.size,
    async beat() {
      exchange.beat();
      beats += 1;
      if (beats % BEATS_OF_A_CHECK === 0) await attendance.check().catch(onError);
    },
    async stop() {
      for (const stop of stops) stop();
      await attendance.check().catch(onError);
      exchange.stop();
    },
  };
}

interface People {
  present: number[];
  /** Those of personal chats who are not online. */
  away: number[];
}

/** The people that a user may see in the chats, a bounded number of them. */
function peopleIn(
  rosters: Rosters,
  chatIds: readonly number[],
  userId: number,
  isOnline: (userId: number) => boolean,
): People {
  const present = new Set<number>();
  const away = new Set<number>();
  for (const chatId of chatIds) {
    const { kind, members = new Set<number>() } = rosters.of(chatId) ?? {};
    if (members.size > PRESENCE_TOLD.maxMembers) continue;
    for (const memberId of members) {
      if (memberId === userId || present.size + away.size >= GREETED) continue;
      if (isOnline(memberId)) present.add(memberId);
      else if (kind === 'personal') away.add(memberId);
    }
  }
  return { present: [...present], away: [...away] };
}
