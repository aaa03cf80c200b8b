import type { Bus } from '../bus/bus.ts';
import type { ChatEvent } from '../domain/events.ts';
import type { Bridge, TypingNews } from './bridge.ts';
import type { Follower, Listener } from './listeners.ts';
import { createRoom, type Room, type RoomOptions } from './room.ts';

/** What happens in the chats that somebody here listens to, for whoever keeps count of more than events. */
export interface ChatWatcher {
  /** An event was told, in version order. */
  told?: (event: ChatEvent) => void;
  /** More has happened than could be told. */
  skipped?: (chatId: number) => void;
  /** Another node says who types there. */
  typed?: (chatId: number, news: TypingNews) => void;
  /** Nobody listens any more. */
  closed?: (chatId: number) => void;
}

/** Who hears what on this node. */
export interface Hub {
  /**
   * Tells events that are committed, here and on the other nodes. Those of one chat may come in any order; listeners
   * get them in version order.
   */
  publish(events: readonly ChatEvent[]): void;
  /**
   * Begins to listen to chats. `admit` reads from the database which of them the listener may hear, and each chat's
   * version at that moment; it is called after events begin to be held for the listener, so whatever commits after
   * its reading is delivered, and nothing is before it is admitted.
   *
   * @param chatIds none that the listener listens to already, or is about to.
   * @param admit the versions by chat; those it leaves out are not listened to.
   * @returns the chats that are listened to until {@link leave}. Rejects with what `admit` rejects with.
   */
  listen(
    listener: Listener,
    chatIds: readonly number[],
    admit: () => Promise<ReadonlyMap<number, number>>,
  ): Promise<ReadonlySet<number>>;
  /** Ends the listening to a chat; does nothing where there is none. */
  leave(listener: Listener, chatId: number): void;
  /** Begins to follow a user. */
  follow(follower: Follower): void;
  /** Ends it; does nothing for one that does not follow. */
  unfollow(follower: Follower): void;
  /** Ends what the sessions hear on this node. */
  endSessions(sessionIds: readonly string[]): void;
  /** The sessions that listen at present. */
  sessions(): string[];
  /** The chats that are listened to at present. */
  chats(): number[];
  /** The version up to which this node has heard a chat; undefined where nobody here has learnt it yet. */
  versionOf: (chatId: number) => number | undefined;
  /** Those who listen to a chat and are admitted. */
  listenersOf: (chatId: number) => Iterable<Listener>;
  /** Begins to watch the chats. Returns what ends it. */
  watch(watcher: ChatWatcher): () => void;
  /** The users that are followed at present. */
  followed(): number[];
  /** The versions that chats have in the database: what was missed of them is caught up with. */
  checkVersions(versions: ReadonlyMap<number, number>): void;
  /** Marks in chats stand so in the database: those who listen on this node are told. */
  checkMarks(events: readonly ChatEvent[]): void;
  /** Users are members of chats, which their followers may not know yet. */
  checkMemberships(memberships: readonly { userId: number; chatId: number }[]): void;
}

export interface HubOptions extends RoomOptions {
  bus: Bus;
  bridge: Bridge;
}

interface HeardRoom {
  room: Room;
  /** Ends the hearing of other nodes. */
  stop: () => void;
}

interface Followed {
  /** Few: the sockets of one user. */
  followers: Follower[];
  stop: () => void;
}

export function createHub({ bus, bridge, ...options }: HubOptions): Hub {
  const rooms = new Map<number, HeardRoom>();
  const users = new Map<number, Followed>();
  const watchers = new Set<ChatWatcher>();

  function roomOf(chatId: number): Room {
    const known = rooms.get(chatId);
    if (known !== undefined) return known.room;
    const room = createRoom(chatId, options, {
      told(event) {
        for (const watcher of watchers) watcher.told?.(event);
      },
      skipped() {
        for (const watcher of watchers) watcher.skipped?.(chatId);
      },
      empty() {
        const heard = rooms.get(chatId);
        if (heard?.room !== room) return;
        rooms.delete(chatId);
        heard.stop();
        for (const watcher of watchers) watcher.closed?.(chatId);
      },
    });
    const stop = bridge.hearChat(
      chatId,
      (event) => {
        if (event.chatId === chatId) room.hear(event);
      },
      (news) => {
        room.inTime(news.after, () => {
          for (const watcher of watchers) watcher.typed?.(chatId, news);
        });
      },
    );
    rooms.set(chatId, { room, stop });
    return room;
  }

  /** What has no version of its own bears what is known of its chat's here, which may be more than whoever made it knew. */
  function inItsTime(event: ChatEvent): ChatEvent {
    const heard = rooms.get(event.chatId)?.room.version();
    if ('version' in event.frame || heard === undefined) return event;
    return { ...event, after: Math.max(heard, event.after ?? 0) };
  }

  function tellFollowers(userId: number, chatId: number): void {
    for (const follower of users.get(userId)?.followers ?? []) follower.memberOf(chatId);
  }

  return {
    publish(committed) {
      const events = committed.map(inItsTime);
      for (const event of events) {
        const { chatId, frame } = event;
        // Followers hear of a chat that they may not listen to yet.
        if (frame.type === 'member' && frame.left_at === null) {
          tellFollowers(frame.user_id, chatId);
          bridge.tellUser(frame.user_id, { memberOf: chatId });
        }
        rooms.get(chatId)?.room.hear(event);
      }
      for (const [chatId, ofChat] of Map.groupBy(events, (event) => event.chatId)) {
        bridge.tellChat(chatId, ofChat);
      }
    },

    async listen(listener, chatIds, admit) {
      const joined = chatIds.map((chatId) => ({ chatId, room: roomOf(chatId) }));
      for (const { room } of joined) room.join(listener);
      const admitted = new Set<number>();
      try {
        await bus.inForce();
        const versions = await admit();
        for (const { chatId, room } of joined) {
          const version = versions.get(chatId);
          if (version === undefined) continue;
          admitted.add(chatId);
          room.admit(listener, version);
        }
      } finally {
        for (const { chatId, room } of joined) if (!admitted.has(chatId)) room.leave(listener);
      }
      return admitted;
    },

    leave: (listener, chatId) => rooms.get(chatId)?.room.leave(listener),

    follow(follower) {
      const { userId } = follower;
      const known = users.get(userId);
      if (known !== undefined) {
        known.followers.push(follower);
        return;
      }
      const stop = bridge.hearUser(userId, ({ memberOf }) => tellFollowers(userId, memberOf));
      users.set(userId, { followers: [follower], stop });
    },

    unfollow(follower) {
      const followed = users.get(follower.userId);
      if (followed === undefined) return;
      followed.followers = followed.followers.filter((other) => other !== follower);
      if (followed.followers.length > 0) return;
      users.delete(follower.userId);
      followed.stop();
    },

    endSessions(sessionIds) {
      const ended = new Set(sessionIds);
      for (const { room } of rooms.values()) room.endSessions(ended);
      for (const { followers } of users.values()) {
        for (const follower of followers) if (ended.has(follower.sessionId)) follower.signedOut();
      }
    },

    sessions() {
      const ids = new Set<string>();
      for (const { room } of rooms.values()) for (const { sessionId } of room.listeners()) ids.add(sessionId);
      for (const { followers } of users.values()) for (const { sessionId } of followers) ids.add(sessionId);
      return [...ids];
    },

    chats: () => [...rooms.keys()],
    versionOf: (chatId) => rooms.get(chatId)?.room.version(),
    listenersOf: (chatId) => rooms.get(chatId)?.room.listeners() ?? [],
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    followed: () => [...users.keys()],

    checkVersions(versions) {
      for (const [chatId, version] of versions) rooms.get(chatId)?.room.checkVersion(version);
    },

    checkMarks(events) {
      for (const event of events) rooms.get(event.chatId)?.room.hear(event);
    },

    checkMemberships(memberships) {
      for (const { userId, chatId } of memberships) tellFollowers(userId, chatId);
    },
  };
}
