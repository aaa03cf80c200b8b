import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../domain/access-tokens.ts';
import { chatFrame } from '../domain/frames.ts';
import { chatNotFound, requireMembership } from '../domain/membership.ts';
import { ProblemError } from '../domain/problem.ts';
import { marksToTell } from '../domain/sync-marks.ts';
import { chatIdsOf, syncSince, type Sync } from '../domain/sync.ts';
import type { Listener } from '../live/listeners.ts';
import type { Context } from './context.ts';
import { encodeForMainDoor } from './main-door-frames.ts';
import { closeFor, push, pushInTurn } from './outbox.ts';
import type { ServedSocket } from './served-socket.ts';
import { createTypingBudget } from './typing-budget.ts';

/** A socket that follows its user through all chats. */
export interface Following {
  readonly identity: Identity;
  /**
   * Tells what the client lacks by the versions that it holds, then all that comes, without gap or repeat. Again, it
   * begins anew.
   */
  sync(since: ReadonlyMap<number, number>, ref: string | undefined): Promise<void>;
  /** The user types in a chat, or no longer does. @throws ProblemError `chat_not_found` for one that is not followed. */
  type(chatId: number, on: boolean): void;
  /** Nothing follows. */
  end(): void;
}

/** Keeps the place of a chat while the listening begins. */
const NOT_YET = (): void => {};

export function followUser(
  context: Context,
  log: FastifyBaseLogger,
  socket: ServedSocket,
  identity: Identity,
): Following {
  const { db, hub, presence, typing } = context;
  const { userId, sessionId } = identity;
  /** What ends the listening to each chat that is listened to; while it begins, a place kept for that. */
  const chats = new Map<number, () => void>();
  // No event names it as its origin: every frame reaches this door, its own too, so that a client sees versions
  // without gaps.
  const device = Symbol('main door');
  const mayType = createTypingBudget(context.stopwatch);
  const disconnected = presence.connected(userId);
  let synced = false;
  // One thing after the other: a chat that comes while a sync is told must not be told into it.
  let turn = Promise.resolve();

  const tell = (frame: SocketDownFrame): void => push(socket, encodeForMainDoor(frame));
  const inTurn = async (act: () => Promise<void>): Promise<void> => {
    turn = turn.then(act).catch((error: unknown) => {
      log.error({ err: error }, 'a socket could not be synced');
      closeFor(socket, 'unavailable');
    });
    return turn;
  };

  const unfollow = hub.follow({
    userId,
    sessionId,
    memberOf: (chatId) => void inTurn(async () => enter(chatId)),
    signedOut: () => closeFor(socket, 'not_authenticated'),
  });

  function listenerOf(chatId: number): Listener {
    return {
      door: 'main',
      userId,
      sessionId,
      origin: device,
      deliver: (encoded) => push(socket, encoded),
      excluded() {
        chats.delete(chatId);
        typing.ended(device, chatId);
        // They may have been let in again already, which was told while they were still in.
        void inTurn(async () => enter(chatId));
      },
      signedOut: () => closeFor(socket, 'not_authenticated'),
      leftBehind() {
        chats.delete(chatId);
        tell({ type: 'reset', chat_id: chatId });
        void inTurn(async () => enter(chatId));
      },
    };
  }

  /** Begins with a chat that the client knows nothing of: its frame, then all that comes. */
  async function enter(chatId: number): Promise<void> {
    if (!synced || chats.has(chatId) || socket.readyState !== socket.OPEN) return;
    try {
      await listen([chatId], async () => {
        const { chat } = await requireMembership(db, chatId, userId);
        tell(chatFrame(chat));
        for (const frame of (await marksToTell(db, userId, [chat])).get(chatId) ?? []) tell(frame);
        tell({ type: 'synced', versions: { [chatId]: chat.version }, complete: false });
        return new Map([[chatId, chat.version]]);
      });
      greet([chatId]);
    } catch (error) {
      // No longer a member, and so nothing to be told.
      if (!(error instanceof ProblemError)) throw error;
    }
  }

  async function syncNow(since: ReadonlyMap<number, number>, ref: string | undefined): Promise<void> {
    // One that has closed has ended already what it listens to, and must not begin anew.
    if (socket.readyState !== socket.OPEN) return;
    leaveAll();
    synced = true;
    const chatIds = new Set(await chatIdsOf(db, userId));
    await listen([...chatIds], async () => {
      const lacking = await syncSince(db, userId, since);
      // A chat that came since the ids were read is told by itself, right after.
      const told = lacking.chats.filter(({ chatId }) => chatIds.has(chatId));
      await tellSync({ ...lacking, chats: told });
      const versions = new Map(told.map(({ chatId, version }) => [chatId, version]));
      tell({
        type: 'synced',
        versions: Object.fromEntries(versions),
        complete: true,
        ...(ref === undefined ? {} : { ref }),
      });
      return versions;
    });
    greet([...chats.keys()]);
  }

  const hears = (chatId: number): boolean => (chats.get(chatId) ?? NOT_YET) !== NOT_YET;

  /** Tells what is never stored, and so is in no sync. */
  function greet(chatIds: number[]): void {
    for (const state of chatIds.filter(hears).map((chatId) => typing.stateOf(chatId)))
      if (state !== undefined) tell(state);
    void presence.greet({ userId, hears, deliver: (encoded) => push(socket, encoded) }, chatIds.filter(hears));
  }

  async function listen(chatIds: number[], admit: () => Promise<ReadonlyMap<number, number>>): Promise<void> {
    for (const chatId of chatIds) chats.set(chatId, NOT_YET);
    try {
      const stops = await hub.listen(new Map(chatIds.map((chatId) => [chatId, listenerOf(chatId)])), admit);
      for (const chatId of chatIds) {
        const stop = stops.get(chatId);
        // The place is gone where the listener was shown out meanwhile, or the socket has closed.
        if (stop !== undefined && chats.has(chatId)) chats.set(chatId, stop);
        else stop?.();
        if (stop === undefined) chats.delete(chatId);
      }
    } catch (error) {
      for (const chatId of chatIds) chats.delete(chatId);
      throw error;
    }
  }

  function leaveAll(): void {
    for (const stop of chats.values()) stop();
    chats.clear();
  }

  async function tellSync({ chats: lacking, departed }: Sync): Promise<void> {
    for (const { chatId, reset, frames, marks } of lacking) {
      if (reset) await pushInTurn(socket, encodeForMainDoor({ type: 'reset', chat_id: chatId }));
      for (const frame of [...frames, ...marks]) await pushInTurn(socket, encodeForMainDoor(frame));
    }
    for (const frame of departed) await pushInTurn(socket, encodeForMainDoor(frame));
  }

  return {
    identity,
    sync: async (since, ref) => inTurn(async () => syncNow(since, ref)),
    type(chatId, on) {
      if (!hears(chatId)) throw chatNotFound(chatId);
      if (mayType()) typing.typed(chatId, userId, device, on);
    },
    end() {
      unfollow();
      leaveAll();
      typing.ended(device);
      disconnected();
    },
  };
}
