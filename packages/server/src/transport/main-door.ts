import {
  AUTH_DEADLINE_S,
  HEARTBEAT_S,
  PROTOCOL_VERSION,
  type SocketDownFrame,
  type SocketUpFrame,
} from '@beseda/protocol/socket.ts';
import type { FastifyBaseLogger } from 'fastify';
import { invalidField, ProblemError } from '../domain/problem.ts';
import { doInChat } from './acts.ts';
import { identify } from './authentication.ts';
import type { Context } from './context.ts';
import { followUser, type Following } from './following.ts';
import { errorFrame } from './frame-codec.ts';
import { serveFrames } from './frame-loop.ts';
import { decodeFromMainDoor, encodeForMainDoor } from './main-door-frames.ts';
import { closeFor, push, type ServedSocket } from './outbox.ts';

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
    const identity = await identify(context, frame.token);
    if (identity === undefined) {
      throw shownOut('The access token is not valid or has expired: get a new one.', frame.ref);
    }
    clearTimeout(deadline);
    following = followUser(context, log, socket, identity);
    // The session may have ended between the look-up and now; from now on its end is told.
    if ((await identify(context, frame.token)) === undefined) closeFor(socket, 'not_authenticated');
    return {
      type: 'hello',
      user_id: identity.userId,
      session_id: identity.sessionId,
      protocol: PROTOCOL_VERSION,
      heartbeat_s: HEARTBEAT_S,
    };
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
    throw shownOut('The first frame must be auth, with an access token.', ref);
  }

  /** Tells why before the socket closes, after which nothing can be told. */
  function shownOut(reason: string, ref: string | undefined): ProblemError {
    const problem = new ProblemError('not_authenticated', reason);
    push(socket, encodeForMainDoor(errorFrame(problem, ref)));
    closeFor(socket, 'not_authenticated');
    return problem;
  }

  async function handle(frame: SocketUpFrame): Promise<SocketDownFrame | undefined> {
    switch (frame.type) {
      case 'auth':
        return asGate(async () => signIn(frame));
      case 'sync':
        return asGate(async () => {
          await signedIn(frame.ref).sync(
            new Map(Object.entries(frame.since).map(([id, at]) => [Number(id), at])),
            frame.ref,
          );
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
