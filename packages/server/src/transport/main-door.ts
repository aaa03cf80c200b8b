import type { CloseReason } from '@beseda/protocol/close-codes.ts';
import type { ErrorFrame } from '@beseda/protocol/frames.ts';
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
import { Following } from './following.ts';
import { errorFrame } from './frame-codec.ts';
import { serveFrame, type FrameDoor } from './frame-loop.ts';
import { decodeFromMainDoor, encodeForMainDoor } from './main-door-frames.ts';
import { closeFor, push } from './outbox.ts';
import { isOverloaded, overloaded } from './overload.ts';
import { seat } from './places.ts';
import { asProblem } from './problems.ts';
import type { ServedSocket, Serving } from './served-socket.ts';
import { Turns } from './turns.ts';

/** Serves `/ws`, the one socket for everything, until it closes. */
export function serveMainDoor(context: Context, log: FastifyBaseLogger, socket: ServedSocket): void {
  socket.serving = new MainDoor(context, log, socket);
}

/** One socket at the door; a class, so that an idle one has no functions of its own. */
class MainDoor implements Serving, FrameDoor<SocketUpFrame, SocketDownFrame> {
  readonly context: Context;
  readonly log: FastifyBaseLogger;
  readonly socket: ServedSocket;
  private following: Following | undefined;
  /** Signing in and syncing change what later frames mean: those wait for it. */
  private readonly gate = new Turns();
  /** Runs until the client says who it is. */
  private deadline: NodeJS.Timeout | undefined;

  constructor(context: Context, log: FastifyBaseLogger, socket: ServedSocket) {
    this.context = context;
    this.log = log;
    this.socket = socket;
    this.deadline = setTimeout(() => closeFor(socket, 'not_authenticated'), AUTH_DEADLINE_S * 1000);
  }

  received(data: Buffer, isBinary: boolean): void {
    serveFrame(this, data, isBinary);
  }

  decode(text: string): SocketUpFrame {
    return decodeFromMainDoor(text);
  }

  encode(frame: SocketDownFrame | ErrorFrame): Buffer {
    return encodeForMainDoor(frame);
  }

  closed(): void {
    this.endDeadline();
    this.following?.end();
  }

  async handle(frame: SocketUpFrame): Promise<SocketDownFrame | undefined> {
    switch (frame.type) {
      case 'auth':
        return this.gate.take(async () => this.signIn(frame));
      case 'sync':
        return this.gate.take(async () => this.sync(frame));
      case 'message':
      case 'read':
      case 'delivered':
      case 'unread':
      case 'edit':
      case 'delete':
      case 'react':
        await this.gate.underWay();
        return doInChat(this.context, { userId: this.signedIn(frame.ref).userId }, frame);
      case 'typing':
        await this.gate.underWay();
        this.signedIn(undefined).type(frame.chat_id, frame.on);
        return undefined;
      case 'ping':
        await this.gate.underWay();
        return { type: 'pong', ...(frame.ref === undefined ? {} : { ref: frame.ref }) };
    }
  }

  private async signIn(frame: Extract<SocketUpFrame, { type: 'auth' }>): Promise<SocketDownFrame> {
    const { context, log, socket } = this;
    if (this.following !== undefined) throw invalidField(['type'], 'is auth again: this socket is signed in', 'order');
    // The client has said who it is: what takes its time now is the server.
    this.endDeadline();
    const identity = await this.identified(frame);
    // One that has closed meanwhile will not close again: nothing must be begun for it that ends with it.
    if (socket.readyState === socket.CLOSED) throw new ProblemError('not_authenticated');
    try {
      seat(context.places, socket, identity.userId);
    } catch (error) {
      context.metrics.refused('user');
      throw this.shownOut(asProblem(error), 'too_much', frame.ref);
    }
    this.following = new Following(context, log, socket, identity);
    // The session may have ended between the look-up and now; from now on its end is told.
    await this.identified(frame);
    return {
      type: 'hello',
      user_id: identity.userId,
      session_id: identity.sessionId,
      protocol: PROTOCOL_VERSION,
      heartbeat_s: HEARTBEAT_S,
    };
  }

  private async sync(frame: Extract<SocketUpFrame, { type: 'sync' }>): Promise<undefined> {
    const user = this.signedIn(frame.ref);
    if (isOverloaded(this.context.load)) {
      this.context.metrics.refused('sync');
      throw this.shownOut(overloaded(), 'unavailable', frame.ref);
    }
    await user.sync(new Map(Object.entries(frame.since).map(([id, at]) => [Number(id), at])), frame.ref);
  }

  private async identified({ token, ref }: { token: string; ref?: string }): Promise<Identity> {
    const identity = await identify(this.context, token).catch((error: unknown) => {
      this.log.error({ err: error }, 'a socket could not be authenticated');
      throw this.shownOut(asProblem(error), 'unavailable', ref);
    });
    if (identity !== undefined) return identity;
    throw this.notSignedIn('The access token is not valid or has expired: get a new one.', ref);
  }

  private signedIn(ref: string | undefined): Following {
    if (this.following !== undefined) return this.following;
    throw this.notSignedIn('The first frame must be auth, with an access token.', ref);
  }

  private notSignedIn(detail: string, ref: string | undefined): ProblemError {
    return this.shownOut(new ProblemError('not_authenticated', detail), 'not_authenticated', ref);
  }

  /** Tells why before the socket closes, after which nothing can be told. */
  private shownOut(problem: ProblemError, reason: CloseReason, ref: string | undefined): ProblemError {
    push(this.socket, this.encode(errorFrame(problem, ref)));
    closeFor(this.socket, reason);
    return problem;
  }

  private endDeadline(): void {
    clearTimeout(this.deadline);
    // A timer that has ended would stay as long as it is referred to, with its 220 bytes.
    this.deadline = undefined;
  }
}
