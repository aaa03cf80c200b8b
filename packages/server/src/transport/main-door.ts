import type { CloseReason } from '@beseda/protocol/close-codes.ts';
import {
  AUTH_DEADLINE_S,
  HEARTBEAT_S,
  PROTOCOL_VERSION,
  type SocketDownFrame,
  type SocketUpFrame,
} from '@beseda/protocol/socket.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Identity } from '../domain/access-tokens.ts';
import { invalidField, ProblemError } from '../domain/problem.ts';
import { doInChat } from './acts.ts';
import { identify } from './authentication.ts';
import type { Context } from './context.ts';
import { followUser, type Following } from './following.ts';
import { errorFrame } from './frame-codec.ts';
import { serveFrames } from './frame-loop.ts';
import { decodeFromMainDoor, encodeForMainDoor } from './main-door-frames.ts';
import { closeFor, push } from './outbox.ts';
import { isOverloaded, overloaded } from './overload.ts';
import { seat } from './places.ts';
import { asProblem } from './problems.ts';
import type { ServedSocket } from './served-socket.ts';

/** Serves `/ws`, the one socket for everything, until it closes. */
export function serveMainDoor(context: Context, log: FastifyBaseLogger, socket: ServedSocket): void {
  let following: Following | undefined;
  // Signing in and syncing change what later frames mean: those wait for it.
  let gate = Promise.resolve();
  const deadline = setTimeout(() => closeFor(socket, 'not_authenticated'), AUTH_DEADLINE_S * 1000);
  socket.once('close', () => {
    clearTimeout(deadline);
    following?.end();
  });

  async function signIn(frame: Extract<SocketUpFrame, { type: 'auth' }>): Promise<SocketDownFrame> {
    if (following !== undefined) throw invalidField(['type'], 'is auth again: this socket is signed in', 'order');
    // The client has said who it is: what takes its time now is the server.
    clearTimeout(deadline);
    const identity = await identified(frame);
    // One that has closed meanwhile will not close again: nothing must be begun for it that ends with it.
    if (socket.readyState === socket.CLOSED) throw new ProblemError('not_authenticated');
    try {
      seat(context.places, socket, identity.userId);
    } catch (error) {
      context.metrics.refused('user');
      throw shownOut(asProblem(error), 'too_much', frame.ref);
    }
    following = followUser(context, log, socket, identity);
    // The session may have ended between the look-up and now; from now on its end is told.
    await identified(frame);
    return {
      type: 'hello',
      user_id: identity.userId,
      session_id: identity.sessionId,
      protocol: PROTOCOL_VERSION,
      heartbeat_s: HEARTBEAT_S,
    };
  }

  async function identified({ token, ref }: { token: string; ref?: string }): Promise<Identity> {
    const identity = await identify(context, token).catch((error: unknown) => {
      log.error({ err: error }, 'a socket could not be authenticated');
      throw shownOut(asProblem(error), 'unavailable', ref);
    });
    if (identity !== undefined) return identity;
    throw notSignedIn('The access token is not valid or has expired: get a new one.', ref);
  }

  async function afterGate<T>(act: () => Promise<T>): Promise<T> {
    await gate;
    return act();
  }

  async function asGate<T>(act: () => Promise<T>): Promise<T> {
    const done = gate.then(act);
    gate = settled(done);
    return done;
  }

  function signedIn(ref: string | undefined): Following {
    if (following !== undefined) return following;
    throw notSignedIn('The first frame must be auth, with an access token.', ref);
  }

  function notSignedIn(detail: string, ref: string | undefined): ProblemError {
    return shownOut(new ProblemError('not_authenticated', detail), 'not_authenticated', ref);
  }

  /** Tells why before the socket closes, after which nothing can be told. */
  function shownOut(problem: ProblemError, reason: CloseReason, ref: string | undefined): ProblemError {
    push(socket, encodeForMainDoor(errorFrame(problem, ref)));
    closeFor(socket, reason);
    return problem;
  }

  async function handle(frame: SocketUpFrame): Promise<SocketDownFrame | undefined> {
    switch (frame.type) {
      case 'auth':
        return asGate(async () => signIn(frame));
      case 'sync':
        return asGate(async () => {
          const user = signedIn(frame.ref);
          if (isOverloaded(context.load)) {
            context.metrics.refused('sync');
            throw shownOut(overloaded(), 'unavailable', frame.ref);
          }
          await user.sync(new Map(Object.entries(frame.since).map(([id, at]) => [Number(id), at])), frame.ref);
          return undefined;
        });
      case 'message':
      case 'read':
      case 'delivered':
      case 'unread':
      case 'edit':
      case 'delete':
      case 'react':
        return afterGate(async () => doInChat(context, { userId: signedIn(frame.ref).identity.userId }, frame));
      case 'typing':
        return afterGate(async () => {
          signedIn(undefined).type(frame.chat_id, frame.on);
          return undefined;
        });
      case 'ping':
        return afterGate(async () => ({ type: 'pong', ...(frame.ref === undefined ? {} : { ref: frame.ref }) }));
    }
  }

  serveFrames(context, log, socket, { decode: decodeFromMainDoor, encode: encodeForMainDoor, handle });
}

/** Settles with the promise, however that ends. */
async function settled(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch {
    // Whoever began it is told.
  }
}
