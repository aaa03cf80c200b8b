import { closeCodes, type CloseReason } from '@beseda/protocol/close-codes.ts';
import type { DownFrame, UpFrame } from '@beseda/protocol/frames.ts';
import { OUTBOX_BYTES, TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { WebSocket } from 'ws';
import type { Identity } from '../domain/access-tokens.ts';
import { requireMembership } from '../domain/membership.ts';
import { ProblemError } from '../domain/problem.ts';
import { markRead } from '../domain/reading.ts';
import { trimmedText } from '../domain/text.ts';
import type { Listener } from '../live/hub.ts';
import { identify } from './authentication.ts';
import { ackFrame, decodeFromChatDoor, encodeForChatDoor, errorFrame, FrameError } from './chat-door-frames.ts';
import type { Context } from './context.ts';
import { asProblem } from './problems.ts';

/** Frames of one socket that may be under way; past it the socket is not read until some are done. */
const MAX_UNDER_WAY = 256;

/**
 * The original system's door, `/ws/{chat_id}?token=…`: one socket, one chat. Serves the socket until it closes.
 *
 * @param token as the address has it; empty where it has none.
 */
export async function serveChatDoor(
  context: Context,
  log: FastifyBaseLogger,
  socket: WebSocket,
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
  const origin = Symbol('socket');
  const listener = socketListener(socket, identity, origin);
  try {
    const stop = await context.hub.listen(chatId, listener, async () => {
      // Both are read after the hub began to hold events back, so no removal or sign-out can slip between.
      if ((await identify(context, token)) === undefined) throw new ProblemError('not_authenticated');
      return (await requireMembership(context.db, chatId, identity.userId)).chat.version;
    });
    socket.once('close', stop);
    if (socket.readyState !== socket.OPEN) stop();
  } catch (error) {
    if (!(error instanceof ProblemError)) log.error({ err: error }, 'a socket could not be admitted');
    closeFor(socket, error instanceof ProblemError ? 'forbidden' : 'unavailable');
    return;
  }
  serveFrames(context, log, socket, { chatId, identity, origin });
  socket.resume();
}

/** Closes a socket for one of the reasons of the protocol. */
export function closeFor(socket: WebSocket, reason: CloseReason): void {
  // A paused socket would not see the other side's closing.
  socket.resume();
  socket.close(closeCodes[reason].code, closeCodes[reason].reason);
}

function socketListener(socket: WebSocket, identity: Identity, origin: symbol): Listener {
  return {
    userId: identity.userId,
    sessionId: identity.sessionId,
    origin,
    deliver: (encoded) => push(socket, encoded),
    excluded: () => closeFor(socket, 'forbidden'),
    signedOut: () => closeFor(socket, 'not_authenticated'),
    leftBehind: () => closeFor(socket, 'too_slow'),
  };
}

function push(socket: WebSocket, encoded: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > OUTBOX_BYTES) closeFor(socket, 'too_slow');
  else socket.send(encoded);
}

interface Seat {
  chatId: number;
  identity: Identity;
  origin: symbol;
}

function serveFrames(context: Context, log: FastifyBaseLogger, socket: WebSocket, seat: Seat): void {
  let underWay = 0;
  const answer = (frame: DownFrame | undefined): void => {
    if (frame !== undefined) push(socket, encodeForChatDoor(frame));
  };

  async function serve(data: Buffer, isBinary: boolean): Promise<void> {
    let frame: UpFrame | undefined;
    try {
      if (isBinary) throw new ProblemError('malformed_request', 'Frames are text, and this one is binary.');
      frame = decodeFromChatDoor(data.toString());
      context.metrics.frameReceived(frame.type);
      answer(await handle(context, seat, frame));
    } catch (error) {
      const problem = error instanceof FrameError ? error.problem : asProblem(error);
      if (problem.code === 'internal') log.error({ err: error }, 'a frame could not be handled');
      answer(errorFrame(problem, error instanceof FrameError ? error.ref : frame?.ref));
    }
  }

  socket.on('message', (data: Buffer, isBinary) => {
    // Who was shown out, or signed out, has no more to say, though their side of the connection is still open.
    if (socket.readyState !== socket.OPEN) return;
    underWay += 1;
    if (underWay === MAX_UNDER_WAY) socket.pause();
    // Frames are begun in the order in which they came; messages enter the write lane in that order and keep it.
    void serve(data, isBinary).finally(() => {
      underWay -= 1;
      if (underWay === MAX_UNDER_WAY / 2) socket.resume();
    });
  });
}

async function handle(context: Context, seat: Seat, frame: UpFrame): Promise<DownFrame | undefined> {
  const { chatId, identity, origin } = seat;
  switch (frame.type) {
    case 'message': {
      const { message } = await context.send({
        chatId,
        senderId: identity.userId,
        text: trimmedText(frame.text, TEXT_LENGTH, ['text']),
        clientId: frame.client_id?.toLowerCase(),
        origin,
      });
      return ackFrame(frame, { chat_id: chatId, message_id: message.id, version: message.version });
    }
    case 'read': {
      await context.perform(async (tx) => markRead(tx, identity.userId, chatId, frame.message_id, origin));
      return ackFrame(frame, { chat_id: chatId, message_id: frame.message_id });
    }
  }
}
