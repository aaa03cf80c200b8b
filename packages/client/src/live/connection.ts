import { closeCodes } from '@beseda/protocol/close-codes.ts';
import type { AckFrame } from '@beseda/protocol/frames.ts';
import { HEARTBEAT_S, PROTOCOL_VERSION, type SocketDownFrame, type SocketUpFrame } from '@beseda/protocol/socket.ts';
import { ApiError, clientError } from '../api-error.ts';
import type { Clock } from '../clock.ts';
import { backoff } from './backoff.ts';
import { meaningOf } from './close-meaning.ts';
import type { ConnectionState } from './connection-state.ts';
import { decodeFrame } from './frame-decoding.ts';
import { createRequests } from './requests.ts';
import type { OpenSocket, SocketLike } from './socket-like.ts';

/** How long opening a socket and signing in may take, in milliseconds. */
const OPENING_MS = 20_000;

/** How long an answer to a ping may take when there is reason to doubt the connection, in milliseconds. */
const PROBE_MS = 5_000;

/** A connection that has been live this long has succeeded: the next failure is a first one. In milliseconds. */
const PROVEN_MS = 10_000;

/** A frame without its `ref`, which the connection gives it. */
type Unreferenced<F> = F extends unknown ? Omit<F, 'ref'> : never;

/** What is told about a chat through the socket. */
export type ToldFrame = Unreferenced<Extract<SocketUpFrame, { chat_id: number }>>;

/** What is asked through the socket and acknowledged. */
export type RequestFrame = Exclude<ToldFrame, { type: 'typing' }>;

/** One socket that follows everything, made again whenever it breaks. */
export interface Connection {
  readonly state: ConnectionState;
  /** Begins, or begins anew after signing in. */
  start(): void;
  /** Ends; nothing is tried again until {@link start}. */
  stop(): void;
  /** The network is said to be there (again): a wait ends at once, and a connection that seems to live is probed. */
  online(): void;
  /**
   * Asks for something; settles once it is committed.
   *
   * @throws ApiError what the server refused with, or `unreachable` where the connection is not live or breaks: then
   * nobody knows whether it was done.
   */
  request(frame: RequestFrame): Promise<AckFrame>;
  /** Says something that needs no answer; without a live connection nothing. */
  tell(frame: ToldFrame): void;
}

export interface ConnectionOptions {
  /** Where the server is, such as `http://localhost:8000`. */
  url: string;
  openSocket: OpenSocket;
  /** A valid access token; not the refused one again. */
  accessToken: (refused?: string) => Promise<string>;
  clock: Clock;
  /** From 0 up to but not including 1. */
  random: () => number;
  /** The versions that are held, by chat. */
  since: () => Record<string, number>;
  /** Gets every frame that says something about chats, in order. */
  hear: (frame: SocketDownFrame) => void;
  /** The state has changed. */
  changed: (state: ConnectionState) => void;
  /** Something came that this client cannot make sense of; it was passed over. */
  strange: (data: unknown) => void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { clock, random } = options;
  const address = `${options.url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws`;
  const requests = createRequests();
  let state: ConnectionState = { name: 'offline' };
  let socket: SocketLike | undefined;
  /** Counts tries: what belongs to an earlier one is not heard any more. */
  let attempt = 0;
  let refs = 0;
  let failures = 0;
  let liveSince = 0;
  let token: string | undefined;
  let refusedToken: string | undefined;
  let retryAfterS: number | undefined;
  let callOffTimer = nothing;
  let callOffBeat = nothing;
  let heardSinceBeat = true;

  function become(next: ConnectionState): void {
    state = next;
    options.changed(next);
  }

  function timer(milliseconds: number, act: () => void): void {
    callOffTimer();
    callOffTimer = clock.after(milliseconds, act);
  }

  /** Lets go of the socket without waiting for its other side, which may be gone. */
  function letGo(): void {
    attempt += 1;
    callOffTimer();
    callOffBeat();
    const gone = socket;
    socket = undefined;
    gone?.close();
    requests.cut();
  }

  /** @param anew how many tries have failed before does not matter: this one had not. */
  function failed(atLeastS = retryAfterS, anew = false): void {
    const proven = state.name === 'live' && clock.now() - liveSince >= PROVEN_MS;
    letGo();
    failures = proven || anew ? 1 : failures + 1;
    const delay = backoff(failures, random, atLeastS);
    retryAfterS = undefined;
    timer(delay, () => void connect());
    become({ name: 'waiting', until: clock.now() + delay });
  }

  function closed(code: number, reason: string): void {
    switch (meaningOf(code)) {
      case 'backoff':
        // A server that stops in order says so, and another one, or the same once more, is there to come to.
        failed(retryAfterS, state.name === 'live' && code === closeCodes.going_away.code);
        break;
      case 'sign_in':
        // The token may just have run out: it is renewed, which fails where the session has ended.
        refusedToken = token;
        failed();
        break;
      case 'no':
        refuse(`The server closed the connection (${code}): ${reason}`);
    }
  }

  /** Trying again would not help. */
  function refuse(reason: string): void {
    letGo();
    become({ name: 'offline', reason });
  }

  async function connect(): Promise<void> {
    letGo();
    const mine = attempt;
    become({ name: 'connecting' });
    try {
      token = await options.accessToken(refusedToken);
    } catch (error) {
      if (mine !== attempt) return;
      if (error instanceof ApiError && error.code === 'signed_out') {
        letGo();
        become({ name: 'signed out' });
      } else failed(error instanceof ApiError ? error.problem.retry_after : undefined);
      return;
    }
    if (mine !== attempt) return;
    timer(OPENING_MS, () => failed());
    open(token);
  }

  function open(accessToken: string): void {
    let opened: SocketLike;
    try {
      opened = options.openSocket(address);
    } catch {
      failed();
      return;
    }
    socket = opened;
    opened.addEventListener('open', () => {
      if (socket !== opened) return;
      become({ name: 'signing in' });
      tell({ type: 'auth', token: accessToken });
    });
    opened.addEventListener('message', ({ data }) => {
      if (socket === opened) heard(data);
    });
    opened.addEventListener('close', ({ code, reason }) => {
      if (socket === opened) closed(code, reason);
    });
    // What follows is its close, which tells all there is to tell; unheard, an error would end a Node program.
    opened.addEventListener('error', nothing);
  }

  function tell(frame: SocketUpFrame): void {
    socket?.send(JSON.stringify(frame));
  }

  function heard(data: unknown): void {
    heardSinceBeat = true;
    const decoded = decodeFrame(data);
    if (decoded.kind === 'strange') options.strange(data);
    if (decoded.kind !== 'frame') return;
    const { frame } = decoded;
    switch (frame.type) {
      case 'hello':
        if (frame.protocol !== PROTOCOL_VERSION) {
          refuse(`The server speaks version ${frame.protocol} of the protocol, and this client ${PROTOCOL_VERSION}.`);
          break;
        }
        refusedToken = undefined;
        callOffTimer();
        beat(Math.min(frame.heartbeat_s, HEARTBEAT_S) * 1000);
        become({ name: 'syncing' });
        options.hear(frame);
        tell({ type: 'sync', since: options.since(), ref: 'sync' });
        break;
      case 'synced':
        options.hear(frame);
        if (frame.complete && state.name === 'syncing') {
          liveSince = clock.now();
          become({ name: 'live' });
        }
        break;
      case 'error':
        if (state.name !== 'live') retryAfterS = frame.retry_after;
        requests.answered(frame);
        break;
      case 'ack':
        requests.answered(frame);
        break;
      case 'pong':
        break;
      case 'message':
      case 'member':
      case 'chat':
      case 'read':
      case 'delivered':
      case 'unread':
      case 'settings':
      case 'typing':
      case 'presence':
      case 'online':
      case 'reset':
        options.hear(frame);
    }
  }

  /** Asks at this pace whether the other side lives; one that says nothing from one time to the next is gone. */
  function beat(paceMs: number): void {
    callOffBeat();
    heardSinceBeat = false;
    tell({ type: 'ping' });
    callOffBeat = clock.after(paceMs, () => {
      if (heardSinceBeat) beat(paceMs);
      else failed();
    });
  }

  return {
    get state() {
      return state;
    },
    start() {
      if (state.name === 'offline' || state.name === 'signed out') void connect();
    },
    stop() {
      letGo();
      failures = 0;
      if (state.name !== 'offline') become({ name: 'offline' });
    },
    online() {
      switch (state.name) {
        case 'waiting':
          void connect();
          break;
        case 'live':
        case 'syncing':
          heardSinceBeat = false;
          tell({ type: 'ping' });
          timer(PROBE_MS, () => {
            if (!heardSinceBeat) failed();
          });
          break;
        case 'offline':
        case 'connecting':
        case 'signing in':
        case 'signed out':
      }
    },
    tell(frame) {
      if (state.name === 'live') tell(frame);
    },
    async request(frame) {
      if (state.name !== 'live') throw clientError('unreachable', 'There is no live connection.');
      refs += 1;
      const ref = `${refs}`;
      const answer = requests.begin(ref);
      tell({ ...frame, ref });
      return answer;
    },
  };
}

function nothing(): void {}
