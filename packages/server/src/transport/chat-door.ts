import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../domain/access-tokens.ts';
import { requireMembership } from '../domain/membership.ts';
import { ProblemError } from '../domain/problem.ts';
import type { Listener } from '../live/listeners.ts';
import { doInChat } from './acts.ts';
import { identify } from './authentication.ts';
import { decodeFromChatDoor, encodeForChatDoor } from './chat-door-frames.ts';
import type { Context } from './context.ts';
import { serveFrames } from './frame-loop.ts';
import { seat } from './places.ts';
import { closeFor, push } from './outbox.ts';
import type { ServedSocket } from './served-socket.ts';

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
  const origin = Symbol('socket');
  const listener = socketListener(socket, identity, origin);
  try {
    const stops = await context.hub.listen(new Map([[chatId, listener]]), async () => {
      // Both are read after the hub began to hold events back, so no removal or sign-out can slip between.
      if ((await identify(context, token)) === undefined) throw new ProblemError('not_authenticated');
      const { chat } = await requireMembership(context.db, chatId, identity.userId);
      return new Map([[chatId, chat.version]]);
    });
    const disconnected = context.presence.connected(identity.userId);
    const stop = (): void => {
      stops.get(chatId)?.();
      disconnected();
    };
    socket.once('close', stop);
    if (socket.readyState !== socket.OPEN) stop();
  } catch (error) {
    if (!(error instanceof ProblemError)) log.error({ err: error }, 'a socket could not be admitted');
    closeFor(socket, error instanceof ProblemError ? 'forbidden' : 'unavailable');
    return;
  }
  serveFrames(context, log, socket, {
    decode: decodeFromChatDoor,
    encode: encodeForChatDoor,
    handle: async (frame) => doInChat(context, { userId: identity.userId, origin }, { ...frame, chat_id: chatId }),
  });
  socket.resume();
}

function socketListener(socket: ServedSocket, identity: Identity, origin: symbol): Listener {
  return {
    door: 'chat',
    userId: identity.userId,
    sessionId: identity.sessionId,
    origin,
    deliver: (encoded) => push(socket, encoded),
    excluded: () => closeFor(socket, 'forbidden'),
    signedOut: () => closeFor(socket, 'not_authenticated'),
    leftBehind: () => closeFor(socket, 'too_slow'),
  };
}
