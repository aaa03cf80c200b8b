import type { DownFrame, StateFrame } from '@beseda/protocol/frames.ts';
import type { ChatEvent } from '../domain/events.ts';

/** One that hears a chat: a socket of a member, stripped to what the hub needs of it. */
export interface Listener {
  readonly userId: number;
  readonly sessionId: string;
  /** Names the socket as the cause of events, so that it gets no echo of its own. */
  readonly origin: symbol;
  /** Gets a frame, encoded once for all listeners. */
  deliver(encoded: string): void;
  /** The user is no longer a member of the chat: nothing follows. */
  excluded(): void;
  /** The session has ended: nothing follows. */
  signedOut(): void;
  /** More happened than can be told one by one: nothing follows, come again. */
  leftBehind(): void;
}

export interface Hub {
  /** Tells events that are committed. Those of one chat may come in any order; listeners get them in version order. */
  publish(events: readonly ChatEvent[]): void;
  /**
   * Begins to listen to a chat. `admit` reads from the database whether the listener may, and the chat's version at
   * that moment; it is called after events begin to be held for the listener, so whatever commits after its reading
   * is delivered, and nothing is before the listener is admitted.
   *
   * @returns ends the listening. Rejects with what `admit` rejects with.
   */
  listen(chatId: number, listener: Listener, admit: () => Promise<number>): Promise<() => void>;
  /** Ends what the sessions hear. */
  endSessions(sessionIds: readonly string[]): void;
  /** The sessions that listen at present. */
  sessions(): string[];
  /** How many listen at present. */
  count(): number;
}

/** A listener that is not admitted yet, and what it must hear once it is. */
interface Joining {
  held: ChatEvent[];
  signedOut: boolean;
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
  encode: (frame: DownFrame) => string;
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

  function deliver(room: Room, event: ChatEvent): void {
    let encoded: string | undefined;
    for (const [listener, heard] of room.listeners) {
      if (event.frame.type !== 'read') {
        if (event.frame.version <= heard) continue;
        room.listeners.set(listener, event.frame.version);
      }
      if (event.origin === undefined || listener.origin !== event.origin) {
        encoded ??= encode(event.frame);
        listener.deliver(encoded);
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
      listener.deliver(encode(event.frame));
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

  return {
    publish(events) {
      for (const event of events) {
        const room = rooms.get(event.chatId);
        if (room === undefined) continue;
        if (event.frame.type === 'read') deliver(room, event);
        else if (room.version === undefined || event.frame.version > room.version) {
          room.early.set(event.frame.version, event);
          deliverInOrder(event.chatId, room);
        }
      }
    },

    async listen(chatId, listener, admit) {
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
      try {
        const version = await admit();
        if (room.version === undefined) reached(chatId, room, version);
        admitted(chatId, room, listener, joining, version);
      } catch (error) {
        leave(chatId, room, listener);
        throw error;
      }
      return () => leave(chatId, room, listener);
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
    },

    sessions() {
      const ids = new Set<string>();
      for (const room of rooms.values()) for (const { sessionId } of room.listeners.keys()) ids.add(sessionId);
      return [...ids];
    },

    count() {
      let count = 0;
      for (const room of rooms.values()) count += room.listeners.size;
      return count;
    },
  };
}

function excludes({ frame }: ChatEvent, listener: Listener): boolean {
  return frame.type === 'member' && frame.left_at !== null && frame.user_id === listener.userId;
}
