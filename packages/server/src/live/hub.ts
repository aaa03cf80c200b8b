import type { DownFrame, StateFrame } from '@beseda/protocol/frames.ts';
import type { ChatEvent } from '../domain/events.ts';

/** The two ways into the server by socket: one chat, or everything. */
export type Door = 'chat' | 'main';

/** One that hears a chat: a socket of a member, stripped to what the hub needs of it. */
export interface Listener {
  /** How frames are written for it. */
  readonly door: Door;
  readonly userId: number;
  readonly sessionId: string;
  /** Names the socket as the cause of events, so that it gets no echo of its own. */
  readonly origin: symbol;
  /** Gets a frame as the bytes that go over the wire, made once for all listeners. */
  deliver(encoded: Buffer): void;
  /** The user is no longer a member of the chat: nothing follows. */
  excluded(): void;
  /** The session has ended: nothing follows. */
  signedOut(): void;
  /** More happened than can be told one by one: nothing follows, come again. */
  leftBehind(): void;
}

/** A socket that follows its user through all chats, the ones to come included. */
export interface Follower {
  readonly userId: number;
  readonly sessionId: string;
  /** The user is, or was made, a member of a chat, or is one in another way now. */
  memberOf(chatId: number): void;
  /** The session has ended: nothing follows. */
  signedOut(): void;
}

export interface Hub {
  /** Tells events that are committed. Those of one chat may come in any order; listeners get them in version order. */
  publish(events: readonly ChatEvent[]): void;
  /**
   * Begins to listen to chats. `admit` reads from the database which of them the listeners may hear, and each chat's
   * version at that moment; it is called after events begin to be held for the listeners, so whatever commits after
   * its reading is delivered, and nothing is before they are admitted.
   *
   * @param listeners by chat.
   * @param admit the versions by chat; those it leaves out are not listened to.
   * @returns what ends the listening to each chat. Rejects with what `admit` rejects with.
   */
  listen(
    listeners: ReadonlyMap<number, Listener>,
    admit: () => Promise<ReadonlyMap<number, number>>,
  ): Promise<ReadonlyMap<number, () => void>>;
  /** Begins to follow a user. Returns what ends it. */
  follow(follower: Follower): () => void;
  /** Ends what the sessions hear. */
  endSessions(sessionIds: readonly string[]): void;
  /** The sessions that listen at present. */
  sessions(): string[];
}

/** A listener that is not admitted yet, and what it must hear once it is. */
interface Joining {
  held: ChatEvent[];
  signedOut: boolean;
}

/** A listener's place in the room of a chat. */
interface Seat {
  chatId: number;
  listener: Listener;
  room: Room;
  joining: Joining;
}

interface Room {
  /** Each with the version up to which it has heard, or knew when it came; never less than the room's. */
  listeners: Map<Listener, number>;
  joining: Map<Listener, Joining>;
  /** The version up to which all have heard; undefined until the first listener has learnt it from the database. */
  version: number | undefined;
  /** Events that came before their predecessor, by version. */
  early: Map<number, ChatEvent>;
  /** Runs while an event is missing. */
  patience: NodeJS.Timeout | undefined;
}

export interface HubOptions {
  encode: (frame: DownFrame, door: Door) => Buffer;
  /** What changed in a chat after a version, from the database; no frames where it is too much to tell. */
  catchUp: (chatId: number, since: number) => Promise<{ version: number; frames: StateFrame[] | undefined }>;
  onError: (error: unknown) => void;
}

/**
 * How long a missing event may be late before the database is asked for it: those of one process arrive within one
 * turn of its event loop, so what takes longer was written by another process or lost.
 */
const GAP_PATIENCE_MS = 100;

/** Who hears what on this node. */
export function createHub({ encode, catchUp, onError }: HubOptions): Hub {
  const rooms = new Map<number, Room>();
  const followers = new Map<number, Set<Follower>>();

  function deliver(room: Room, event: ChatEvent): void {
    const encoded: Partial<Record<Door, Buffer>> = {};
    for (const [listener, heard] of room.listeners) {
      if (event.frame.type !== 'read') {
        if (event.frame.version <= heard) continue;
        room.listeners.set(listener, event.frame.version);
      }
      if (event.origin === undefined || listener.origin !== event.origin) {
        listener.deliver((encoded[listener.door] ??= encode(event.frame, listener.door)));
      }
      if (!excludes(event, listener)) continue;
      room.listeners.delete(listener);
      listener.excluded();
    }
    for (const { held } of room.joining.values()) held.push(event);
  }

  function deliverInOrder(chatId: number, room: Room): void {
    if (room.version === undefined) return;
    for (let next = room.early.get(room.version + 1); next !== undefined; next = room.early.get(room.version + 1)) {
      room.version += 1;
      room.early.delete(room.version);
      deliver(room, next);
      clearTimeout(room.patience);
      room.patience = undefined;
    }
    if (room.early.size > 0 && room.patience === undefined) fillLater(chatId, room);
  }

  function fillLater(chatId: number, room: Room): void {
    clearTimeout(room.patience);
    room.patience = setTimeout(() => void fillGap(chatId, room), GAP_PATIENCE_MS).unref();
  }

  async function fillGap(chatId: number, room: Room): Promise<void> {
    try {
      const since = room.version ?? 0;
      const { version, frames } = await catchUp(chatId, since);
      // One that knows less was admitted meanwhile: what is filled for it is enough for all.
      if ((room.version ?? 0) < since) return;
      // Too much to tell: this door has no word for it but to come again and read the history.
      if (frames === undefined) leaveBehind(room, version);
      for (const frame of frames ?? []) {
        deliver(room, { chatId, frame, origin: room.early.get(frame.version)?.origin });
      }
      reached(chatId, room, version);
    } catch (error) {
      onError(error);
      if (rooms.get(chatId) === room) fillLater(chatId, room);
    }
  }

  function leaveBehind(room: Room, version: number): void {
    for (const [listener, heard] of room.listeners) {
      if (heard >= version) continue;
      room.listeners.delete(listener);
      listener.leftBehind();
    }
  }

  /** All up to `version` is delivered, or was known. */
  function reached(chatId: number, room: Room, version: number): void {
    room.version = Math.max(version, room.version ?? 0);
    for (const [listener, heard] of room.listeners) room.listeners.set(listener, Math.max(heard, room.version));
    clearTimeout(room.patience);
    room.patience = undefined;
    for (const early of room.early.keys()) if (early <= room.version) room.early.delete(early);
    deliverInOrder(chatId, room);
  }

  function admitted(chatId: number, room: Room, listener: Listener, joining: Joining, version: number): void {
    room.joining.delete(listener);
    if (joining.signedOut) {
      listener.signedOut();
      return;
    }
    let heard = version;
    for (const event of joining.held) {
      if (event.frame.type !== 'read') {
        if (event.frame.version !== heard + 1) continue;
        heard += 1;
      }
      listener.deliver(encode(event.frame, listener.door));
      if (!excludes(event, listener)) continue;
      listener.excluded();
      return;
    }
    room.listeners.set(listener, heard);
    // The room may be past what the listener knows: another one read a later version, and was admitted first.
    if (room.version === undefined || room.version <= heard) return;
    room.version = heard;
    void fillGap(chatId, room);
  }

  function leave(chatId: number, room: Room, listener: Listener): void {
    room.listeners.delete(listener);
    room.joining.delete(listener);
    if (room.listeners.size + room.joining.size > 0 || rooms.get(chatId) !== room) return;
    clearTimeout(room.patience);
    rooms.delete(chatId);
  }

  function join(chatId: number, listener: Listener): Seat {
    const room = rooms.get(chatId) ?? {
      listeners: new Map(),
      joining: new Map(),
      version: undefined,
      early: new Map(),
      patience: undefined,
    };
    rooms.set(chatId, room);
    const joining: Joining = { held: [], signedOut: false };
    room.joining.set(listener, joining);
    return { chatId, listener, room, joining };
  }

  /** Followers hear of a chat that they may not listen to yet. */
  function tellFollowers({ chatId, frame }: ChatEvent): void {
    if (frame.type !== 'member' || frame.left_at !== null) return;
    for (const follower of followers.get(frame.user_id) ?? []) follower.memberOf(chatId);
  }

  return {
    publish(events) {
      for (const event of events) {
        tellFollowers(event);
        const room = rooms.get(event.chatId);
        if (room === undefined) continue;
        if (event.frame.type === 'read') deliver(room, event);
        else if (room.version === undefined || event.frame.version > room.version) {
          room.early.set(event.frame.version, event);
          deliverInOrder(event.chatId, room);
        }
      }
    },

    async listen(listeners, admit) {
      const seats = [...listeners].map(([chatId, listener]) => join(chatId, listener));
      const stops = new Map<number, () => void>();
      try {
        const versions = await admit();
        for (const { chatId, room, listener, joining } of seats) {
          const version = versions.get(chatId);
          if (version === undefined) continue;
          stops.set(chatId, () => leave(chatId, room, listener));
          if (room.version === undefined) reached(chatId, room, version);
          admitted(chatId, room, listener, joining, version);
        }
      } finally {
        for (const { chatId, room, listener } of seats) if (!stops.has(chatId)) leave(chatId, room, listener);
      }
      return stops;
    },

    follow(follower) {
      const others = followers.get(follower.userId) ?? new Set();
      followers.set(follower.userId, others.add(follower));
      return () => {
        others.delete(follower);
        if (others.size === 0 && followers.get(follower.userId) === others) followers.delete(follower.userId);
      };
    },

    endSessions(sessionIds) {
      const ended = new Set(sessionIds);
      for (const [chatId, room] of rooms) {
        for (const [listener, joining] of room.joining) if (ended.has(listener.sessionId)) joining.signedOut = true;
        for (const listener of room.listeners.keys()) {
          if (!ended.has(listener.sessionId)) continue;
          leave(chatId, room, listener);
          listener.signedOut();
        }
      }
      for (const ofUser of followers.values()) {
        for (const follower of ofUser) if (ended.has(follower.sessionId)) follower.signedOut();
      }
    },

    sessions() {
      const ids = new Set<string>();
      for (const room of rooms.values()) for (const { sessionId } of room.listeners.keys()) ids.add(sessionId);
      for (const set of followers.values()) for (const { sessionId } of set) ids.add(sessionId);
      return [...ids];
    },
  };
}

function excludes({ frame }: ChatEvent, listener: Listener): boolean {
  return frame.type === 'member' && frame.left_at !== null && frame.user_id === listener.userId;
}
