import type { StateFrame } from '@beseda/protocol/frames.ts';
import type { ChatEvent } from '../domain/events.ts';
import { isFor } from './audience.ts';
import { excludes, type Door, type Listener } from './listeners.ts';

/** What a room needs of the world. */
export interface RoomOptions {
  encode: (frame: ChatEvent['frame'], door: Door) => Buffer;
  /** What changed in a chat after a version, from the database; no frames where it is too much to tell. */
  catchUp: (chatId: number, since: number) => Promise<{ version: number; frames: StateFrame[] | undefined }>;
  onError: (error: unknown) => void;
}

/** What a room says of itself. */
export interface RoomReports {
  /** An event was told to all who listen, in its turn. */
  told(event: ChatEvent): void;
  /** Changes were too many to be told. */
  skipped(): void;
  /** The last listener has left. */
  empty(): void;
}

/** One chat on this node, and who hears it: it puts the chat's events into version order. */
export interface Room {
  /** Begins to hold events for a listener that is yet to be admitted. */
  join(listener: Listener): void;
  /** A listener that joined knows the chat up to a version: what comes after is for it, what was held included. */
  admit(listener: Listener, version: number): void;
  /** Nothing follows for the listener. */
  leave(listener: Listener): void;
  /** Tells an event, in its turn. */
  hear(event: ChatEvent): void;
  /** The database has the chat at a version: what the room has not heard up to there is got from it. */
  checkVersion(version: number): void;
  /** The version up to which all have heard; undefined where nobody has learnt it yet. */
  version(): number | undefined;
  /**
   * Does what was caused after a version once all up to there is told: before, who was removed meanwhile would get it
   * too (WS13). What is not told by then is taken for lost after a while, and got from the database.
   */
  inTime(after: number | undefined, act: () => void): void;
  /** Ends what the sessions hear. */
  endSessions(ended: ReadonlySet<string>): void;
  listeners(): Iterable<Listener>;
  empty(): boolean;
}

/** A listener that is not admitted yet, and what it must hear once it is. */
interface Joining {
  held: ChatEvent[];
  signedOut: boolean;
}

/**
 * How long a missing event may be late before the database is asked for it: those of one process arrive within one
 * turn of its event loop, those of others in the time that the network takes, so what takes longer was lost.
 */
const GAP_PATIENCE_MS = 100;

export function createRoom(chatId: number, { encode, catchUp, onError }: RoomOptions, reports: RoomReports): Room {
  /** Each with the version up to which it has heard, or knew when it came; never less than the room's. */
  const listeners = new Map<Listener, number>();
  const joining = new Map<Listener, Joining>();
  /** Events that came before their predecessor, by version. */
  const early = new Map<number, ChatEvent>();
  /** What waits until all up to a version is told. */
  let ahead: { after: number; act: () => void }[] = [];
  /** The version up to which all have heard; undefined until the first listener has learnt it from the database. */
  let heardByAll: number | undefined;
  /** Runs while an event is missing. */
  let patience: NodeJS.Timeout | undefined;

  function deliver(event: ChatEvent): void {
    const { frame } = event;
    const encoded: Partial<Record<Door, Buffer>> = {};
    for (const [listener, heard] of listeners) {
      if ('version' in frame) {
        if (frame.version <= heard) continue;
        listeners.set(listener, frame.version);
      }
      if (isFor(event, listener)) {
        listener.deliver((encoded[listener.door] ??= encode(frame, listener.door)));
      }
      if (!excludes(event, listener)) continue;
      listeners.delete(listener);
      listener.excluded(chatId);
    }
    for (const { held } of joining.values()) held.push(event);
    reports.told(event);
    closeIfEmpty();
  }

  function deliverInOrder(): void {
    if (heardByAll === undefined) return;
    for (let next = early.get(heardByAll + 1); next !== undefined; next = early.get(heardByAll + 1)) {
      heardByAll += 1;
      early.delete(heardByAll);
      deliver(next);
      stopWaiting();
    }
    actInTime(heardByAll);
    if (early.size + ahead.length > 0 && patience === undefined) fillLater();
  }

  function actInTime(version: number): void {
    if (ahead.length === 0) return;
    const due = ahead.filter(({ after }) => after <= version);
    ahead = ahead.filter(({ after }) => after > version);
    for (const { act } of due) act();
  }

  function inTime(after: number, act: () => void): void {
    if (heardByAll !== undefined && after <= heardByAll) {
      act();
      return;
    }
    ahead.push({ after, act });
    if (heardByAll !== undefined && patience === undefined) fillLater();
  }

  function stopWaiting(): void {
    clearTimeout(patience);
    patience = undefined;
  }

  function fillLater(): void {
    clearTimeout(patience);
    patience = setTimeout(() => void fillGap(), GAP_PATIENCE_MS).unref();
  }

  async function fillGap(): Promise<void> {
    try {
      const since = heardByAll ?? 0;
      const { version, frames } = await catchUp(chatId, since);
      // One that knows less was admitted meanwhile: what is filled for it is enough for all.
      if ((heardByAll ?? 0) < since) return;
      // Too much to tell: the doors have no word for it but to come again and read the history.
      if (frames === undefined) {
        leaveBehind(version);
        reports.skipped();
      }
      for (const frame of frames ?? []) {
        deliver({ chatId, frame, origin: early.get(frame.version)?.origin });
      }
      reached(version);
    } catch (error) {
      onError(error);
      if (!empty()) fillLater();
    }
  }

  function leaveBehind(version: number): void {
    for (const [listener, heard] of listeners) {
      if (heard >= version) continue;
      listeners.delete(listener);
      listener.leftBehind(chatId);
    }
    closeIfEmpty();
  }

  /** All up to `version` is delivered, or was known. */
  function reached(version: number): void {
    heardByAll = Math.max(version, heardByAll ?? 0);
    for (const [listener, heard] of listeners) listeners.set(listener, Math.max(heard, heardByAll));
    stopWaiting();
    for (const known of early.keys()) if (known <= heardByAll) early.delete(known);
    deliverInOrder();
  }

  function admit(listener: Listener, version: number): void {
    const place = joining.get(listener);
    if (place === undefined) return;
    const { held, signedOut } = place;
    if (heardByAll === undefined) reached(version);
    joining.delete(listener);
    if (signedOut) {
      listener.signedOut();
      closeIfEmpty();
      return;
    }
    let heard = version;
    const late: ChatEvent[] = [];
    for (const event of held) {
      if ('version' in event.frame) {
        if (event.frame.version !== heard + 1) continue;
        heard += 1;
      } else if ((event.after ?? 0) > heard) {
        late.push(event);
        continue;
      }
      if (isFor(event, listener)) listener.deliver(encode(event.frame, listener.door));
      if (!excludes(event, listener)) continue;
      listener.excluded(chatId);
      closeIfEmpty();
      return;
    }
    listeners.set(listener, heard);
    // The room may be past what the listener knows: another one read a later version, and was admitted first.
    if (heardByAll !== undefined && heardByAll > heard) {
      heardByAll = heard;
      void fillGap();
    }
    for (const event of late) {
      inTime(event.after ?? 0, () => {
        if (listeners.has(listener) && isFor(event, listener)) listener.deliver(encode(event.frame, listener.door));
      });
    }
  }

  function leave(listener: Listener): void {
    if (listeners.delete(listener) || joining.delete(listener)) closeIfEmpty();
  }

  function closeIfEmpty(): void {
    if (!empty()) return;
    stopWaiting();
    reports.empty();
  }

  const empty = (): boolean => listeners.size + joining.size === 0;

  return {
    join(listener) {
      joining.set(listener, { held: [], signedOut: false });
    },
    admit,
    leave,

    hear(event) {
      if (!('version' in event.frame)) {
        inTime(event.after ?? 0, () => deliver(event));
        return;
      }
      if (heardByAll !== undefined && event.frame.version <= heardByAll) return;
      // What this node did itself knows its origin, which another one's word of it does not.
      if (!early.has(event.frame.version)) early.set(event.frame.version, event);
      deliverInOrder();
    },

    checkVersion(version) {
      if (heardByAll === undefined || version <= heardByAll) return;
      stopWaiting();
      void fillGap();
    },

    version: () => heardByAll,
    inTime: (after, act) => inTime(after ?? 0, act),

    endSessions(ended) {
      for (const [listener, place] of joining) if (ended.has(listener.sessionId)) place.signedOut = true;
      for (const listener of listeners.keys()) {
        if (!ended.has(listener.sessionId)) continue;
        leave(listener);
        listener.signedOut();
      }
    },

    listeners: () => listeners.keys(),
    empty,
  };
}
