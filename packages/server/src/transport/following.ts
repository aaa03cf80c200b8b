import type { SocketDownFrame } from '@beseda/protocol/socket.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../domain/access-tokens.ts';
import { chatFrame } from '../domain/frames.ts';
import { chatNotFound, requireMembership } from '../domain/membership.ts';
import { ProblemError } from '../domain/problem.ts';
import { marksToTell } from '../domain/sync-marks.ts';
import { chatIdsOf, syncSince, type Sync } from '../domain/sync.ts';
import type { Follower, Listener } from '../live/listeners.ts';
import type { Newcomer } from '../live/presence.ts';
import type { Context } from './context.ts';
import { encodeForMainDoor } from './main-door-frames.ts';
import { closeFor, push, pushInTurn } from './outbox.ts';
import type { ServedSocket } from './served-socket.ts';
import { Turns } from './turns.ts';
import { TypingBudget } from './typing-budget.ts';

/**
 * A socket that follows its user through all chats. The hub knows it as one listener, whatever the number of chats: a
 * class, so that a chat more costs the socket a place in two maps and no functions.
 */
export class Following implements Follower, Listener, Newcomer {
  readonly door = 'main';
  readonly userId: number;
  readonly sessionId: string;
  // No event names it as its origin: every frame reaches this door, its own too, so that a client sees versions
  // without gaps.
  readonly origin = Symbol('main door');
  private readonly context: Context;
  private readonly log: FastifyBaseLogger;
  private readonly socket: ServedSocket;
  /** The chats that are, or are about to be, listened to; true: are. */
  private readonly chats = new Map<number, boolean>();
  // One thing after the other: a chat that comes while a sync is told must not be told into it.
  private readonly turns = new Turns();
  private typingBudget: TypingBudget | undefined;
  private synced = false;

  constructor(context: Context, log: FastifyBaseLogger, socket: ServedSocket, { userId, sessionId }: Identity) {
    this.context = context;
    this.log = log;
    this.socket = socket;
    this.userId = userId;
    this.sessionId = sessionId;
    context.presence.connected(userId);
    context.hub.follow(this);
  }

  /**
   * Tells what the client lacks by the versions that it holds, then all that comes, without gap or repeat. Again, it
   * begins anew.
   */
  async sync(since: ReadonlyMap<number, number>, ref: string | undefined): Promise<void> {
    return this.inTurn(async () => this.syncNow(since, ref));
  }

  /** The user types in a chat, or no longer does. @throws ProblemError `chat_not_found` for one that is not followed. */
  type(chatId: number, on: boolean): void {
    if (!this.hears(chatId)) throw chatNotFound(chatId);
    const { stopwatch, typing } = this.context;
    this.typingBudget ??= new TypingBudget(stopwatch.elapsed());
    if (this.typingBudget.take(stopwatch.elapsed())) typing.typed(chatId, this.userId, this.origin, on);
  }

  /** Nothing follows. To be called once. */
  end(): void {
    const { hub, typing, presence } = this.context;
    hub.unfollow(this);
    this.leaveAll();
    typing.ended(this.origin);
    presence.disconnected(this.userId);
  }

  deliver(encoded: Buffer): void {
    push(this.socket, encoded);
  }

  memberOf(chatId: number): void {
    void this.inTurn(async () => this.enter(chatId));
  }

  excluded(chatId: number): void {
    this.chats.delete(chatId);
    this.context.typing.ended(this.origin, chatId);
    // They may have been let in again already, which was told while they were still in.
    this.memberOf(chatId);
  }

  leftBehind(chatId: number): void {
    this.chats.delete(chatId);
    this.tell({ type: 'reset', chat_id: chatId });
    this.memberOf(chatId);
  }

  signedOut(): void {
    closeFor(this.socket, 'not_authenticated');
  }

  hears(chatId: number): boolean {
    return this.chats.get(chatId) === true;
  }

  private tell(frame: SocketDownFrame): void {
    push(this.socket, encodeForMainDoor(frame));
  }

  private async inTurn(act: () => Promise<void>): Promise<void> {
    return this.turns.take(act).catch((error: unknown) => {
      this.log.error({ err: error }, 'a socket could not be synced');
      closeFor(this.socket, 'unavailable');
    });
  }

  /** Begins with a chat that the client knows nothing of: its frame, then all that comes. */
  private async enter(chatId: number): Promise<void> {
    if (!this.synced || this.chats.has(chatId) || this.socket.readyState !== this.socket.OPEN) return;
    const { db } = this.context;
    try {
      await this.listen([chatId], async () => {
        const { chat } = await requireMembership(db, chatId, this.userId);
        this.tell(chatFrame(chat));
        for (const frame of (await marksToTell(db, this.userId, [chat])).get(chatId) ?? []) this.tell(frame);
        this.tell({ type: 'synced', versions: { [chatId]: chat.version }, complete: false });
        return new Map([[chatId, chat.version]]);
      });
      this.greet([chatId]);
    } catch (error) {
      // No longer a member, and so nothing to be told.
      if (!(error instanceof ProblemError)) throw error;
    }
  }

  private async syncNow(since: ReadonlyMap<number, number>, ref: string | undefined): Promise<void> {
    // One that has closed has ended already what it listens to, and must not begin anew.
    if (this.socket.readyState !== this.socket.OPEN) return;
    const { db, snapshot, syncing } = this.context;
    this.leaveAll();
    this.synced = true;
    const chatIds = new Set(await syncing(async () => chatIdsOf(db, this.userId)));
    await this.listen([...chatIds], async () => {
      const lacking = await syncing(async () => syncSince(snapshot, this.userId, since));
      // A chat that came since the ids were read is told by itself, right after.
      const told = lacking.chats.filter(({ chatId }) => chatIds.has(chatId));
      await this.tellSync({ ...lacking, chats: told });
      const versions = new Map(told.map(({ chatId, version }) => [chatId, version]));
      this.tell({
        type: 'synced',
        versions: Object.fromEntries(versions),
        complete: true,
        ...(ref === undefined ? {} : { ref }),
      });
      return versions;
    });
    this.greet([...this.chats.keys()]);
  }

  /** Tells what is never stored, and so is in no sync. */
  private greet(chatIds: number[]): void {
    const heard = chatIds.filter((chatId) => this.hears(chatId));
    for (const chatId of heard) {
      const state = this.context.typing.stateOf(chatId);
      if (state !== undefined) this.tell(state);
    }
    void this.context.presence.greet(this, heard);
  }

  private async listen(chatIds: number[], admit: () => Promise<ReadonlyMap<number, number>>): Promise<void> {
    const { hub } = this.context;
    for (const chatId of chatIds) this.chats.set(chatId, false);
    try {
      const admitted = await hub.listen(this, chatIds, admit);
      for (const chatId of chatIds) {
        // The place is gone where the listener was shown out meanwhile, or the socket has closed.
        if (!this.chats.has(chatId)) hub.leave(this, chatId);
        else if (admitted.has(chatId)) this.chats.set(chatId, true);
        else this.chats.delete(chatId);
      }
    } catch (error) {
      for (const chatId of chatIds) this.chats.delete(chatId);
      throw error;
    }
  }

  private leaveAll(): void {
    for (const [chatId, listens] of this.chats) if (listens) this.context.hub.leave(this, chatId);
    this.chats.clear();
  }

  private async tellSync({ chats: lacking, departed }: Sync): Promise<void> {
    for (const { chatId, reset, frames, marks } of lacking) {
      if (reset) await pushInTurn(this.socket, encodeForMainDoor({ type: 'reset', chat_id: chatId }));
      for (const frame of [...frames, ...marks]) await pushInTurn(this.socket, encodeForMainDoor(frame));
    }
    for (const frame of departed) await pushInTurn(this.socket, encodeForMainDoor(frame));
  }
}
