import type { AckFrame, DownFrame, ErrorFrame, UpFrame } from '@beseda/protocol/frames.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../domain/access-tokens.ts';
import { requireMembership } from '../domain/membership.ts';
import { ProblemError } from '../domain/problem.ts';
import type { Listener } from '../live/listeners.ts';
import { doInChat } from './acts.ts';
import { identify } from './authentication.ts';
import { decodeFromChatDoor, encodeForChatDoor } from './chat-door-frames.ts';
import type { Context } from './context.ts';
import { serveFrame, type FrameDoor } from './frame-loop.ts';
import { seat } from './places.ts';
import { closeFor, push } from './outbox.ts';
import type { ServedSocket, Serving } from './served-socket.ts';

/**
 * The original system's door, `/ws/{chat_id}?token=…`: one socket, one chat. Serves the socket until it closes.
 *
 * @param token as the address has it; empty where it has none.
 */
export async function serveChatDoor(
  context: Context,
  log: FastifyBaseLogger,
  socket: ServedSocket,
  chatId: number,
  token: string,
): Promise<void> {
  // Nothing is read before the socket is admitted, so no frame can come too early.
  socket.pause();
  const identity = await identify(context, token).catch((error: unknown) => {
    log.error({ err: error }, 'a socket could not be authenticated');
    return 'unavailable' as const;
  });
  if (identity === undefined || identity === 'unavailable') {
    closeFor(socket, identity ?? 'forbidden');
    return;
  }
  // One that has closed meanwhile will not close again: nothing must be begun for it that ends with it.
  if (socket.readyState === socket.CLOSED) return;
  try {
    seat(context.places, socket, identity.userId);
  } catch {
    context.metrics.refused('user');
    closeFor(socket, 'too_much');
    return;
  }
  const door = new ChatDoor(context, log, socket, chatId, identity);
  try {
    await context.hub.listen(door, [chatId], async () => {
      // Both are read after the hub began to hold events back, so no removal or sign-out can slip between.
      if ((await identify(context, token)) === undefined) throw new ProblemError('not_authenticated');
      const { chat } = await requireMembership(context.db, chatId, identity.userId);
      return new Map([[chatId, chat.version]]);
    });
  } catch (error) {
    if (!(error instanceof ProblemError)) log.error({ err: error }, 'a socket could not be admitted');
    closeFor(socket, error instanceof ProblemError ? 'forbidden' : 'unavailable');
    return;
  }
  door.open();
}

/** One socket at the door; a class, so that an idle one has no functions of its own. */
class ChatDoor implements Serving, Listener, FrameDoor<UpFrame, DownFrame> {
  readonly door = 'chat';
  readonly userId: number;
  readonly sessionId: string;
  readonly origin = Symbol('socket');
  readonly context: Context;
  readonly log: FastifyBaseLogger;
  readonly socket: ServedSocket;
  private readonly chatId: number;

  constructor(
    context: Context,
    log: FastifyBaseLogger,
    socket: ServedSocket,
    chatId: number,
    { userId, sessionId }: Identity,
  ) {
    this.context = context;
    this.log = log;
    this.socket = socket;
    this.chatId = chatId;
    this.userId = userId;
    this.sessionId = sessionId;
  }

  /** Serves the socket, which is admitted; one that has gone meanwhile is left behind. */
  open(): void {
    if (this.socket.readyState !== this.socket.OPEN) {
      this.context.hub.leave(this, this.chatId);
      return;
    }
    this.context.presence.connected(this.userId);
    this.socket.serving = this;
    this.socket.resume();
  }

  closed(): void {
    this.context.hub.leave(this, this.chatId);
    this.context.presence.disconnected(this.userId);
  }

  received(data: Buffer, isBinary: boolean): void {
    serveFrame(this, data, isBinary);
  }

  decode(text: string): UpFrame {
    return decodeFromChatDoor(text);
  }

  encode(frame: DownFrame | ErrorFrame): Buffer {
    return encodeForChatDoor(frame);
  }

  async handle(frame: UpFrame): Promise<AckFrame | undefined> {
    const { context, userId, origin, chatId } = this;
    return doInChat(context, { userId, origin }, { ...frame, chat_id: chatId });
  }

  deliver(encoded: Buffer): void {
    push(this.socket, encoded);
  }

  excluded(): void {
    closeFor(this.socket, 'forbidden');
  }

  signedOut(): void {
    closeFor(this.socket, 'not_authenticated');
  }

  leftBehind(): void {
    closeFor(this.socket, 'too_slow');
  }
}
