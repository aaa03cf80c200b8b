import { setTimeout as delay } from 'node:timers/promises';
import { Group } from '@beseda/protocol/groups.ts';
import type { MessageFrame } from '@beseda/protocol/frames.ts';
import type { SocketDownFrame, SocketUpFrame } from '@beseda/protocol/socket.ts';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Value } from 'typebox/value';
import { WebSocket } from 'ws';
import type { Findings } from '../findings.ts';
import type { Measures } from '../measures.ts';
import type { Answer, Rest } from '../rest.ts';
import { readHistory } from './history.ts';
import { createHeldState, type HeldState } from './held-state.ts';

export interface Account {
  id: number;
  username: string;
  password: string;
}

/** What became of a frame that was sent: what came back, or undefined where nobody knows. */
export type Reply = Extract<SocketDownFrame, { type: 'ack' | 'error' }> | undefined;

/** What a device asks for, and is answered. */
export type Asking = Exclude<SocketUpFrame, { type: 'auth' | 'sync' | 'ping' | 'typing' }>;

/** A device of a user: one socket for everything, which comes back whenever it is lost. */
export interface Device {
  readonly name: string;
  readonly account: Account;
  readonly state: HeldState;
  /** An access token; a new one after the session has ended. */
  token(): string;
  /** The session, once it is known. */
  session(): string | undefined;
  /** Whether it has caught up, and hears what comes. */
  isLive(): boolean;
  /** Sends a frame; settles with its answer. Undefined when the connection is lost before it comes. */
  ask(frame: Asking): Promise<Reply>;
  /** Settles when the histories that it reads are read. */
  filled(): Promise<void>;
  stop(): void;
}

export interface DeviceParts {
  name: string;
  account: Account;
  /** Of the sockets, e.g. `ws://127.0.0.1:40123`. */
  url: string;
  rest: Rest;
  findings: Findings;
  measures: Measures;
  /** Whether somebody has asked to end a session. */
  isEnded: (session: string) => boolean;
  /** Every frame, with the session it came to. */
  hear: (frame: SocketDownFrame, session: string) => void;
}

/** A device asks so often whether the server is there, and gives up after a silence of this length. */
const PING_MS = 1000;
const SILENCE_MS = 4000;
/** Until it has caught up it waits longer: the server may be waiting for its database or its bus. */
const OPENING_MS = 15_000;
/** Before it comes back: a random time up to this. */
const RETURN_MS = 300;
/** An answer that does not come on a connection that lives. */
const ANSWER_MS = 20_000;

const CLOSED_SIGNED_OUT = 4401;
const UNAUTHORIZED = 401;

export async function createDevice(parts: DeviceParts): Promise<Device> {
  const { name, account, rest, findings, measures } = parts;
  const waiting = new Map<string, (reply: Reply) => void>();
  const filling = new Map<number, Promise<void>>();
  const state = createHeldState(name, findings, fill);
  let socket: WebSocket | undefined;
  let token = await signIn();
  let session: string | undefined;
  let live = false;
  /** When it had caught up, by the clock of the wall. */
  let liveSince = 0;
  const stopped = new AbortController();
  /** When what it heard ended, until it has caught up again. */
  let lostAt: number | undefined;
  let refs = 0;

  async function signIn(): Promise<string> {
    const { username, password } = account;
    const { body } = await rest.insist('POST', '/auth/token', { json: { username, password } });
    return Value.Parse(Tokens, body).access_token;
  }

  /** Asks as the user, whose session may end meanwhile and be followed by another one. */
  async function get(path: string): Promise<Answer> {
    for (;;) {
      const answer = await rest.insist('GET', path, { token });
      if (answer.status !== UNAUTHORIZED) return answer;
      await delay(RETURN_MS);
    }
  }

  /** A chat whose history the device lacks is read over REST, as a client would. */
  function fill(chatId: number): void {
    const chat = (): unknown => state.chats.get(chatId);
    const work = async (): Promise<void> => {
      await Promise.resolve();
      const begun = chat();
      const history = await readHistory(get, chatId);
      const members = await get(`/groups/${chatId}/members`);
      // Unless it has been dropped, and perhaps begun anew, meanwhile.
      if (history === undefined || chat() !== begun) return;
      state.merge(chatId, history, Value.Check(Group.properties.members, members.body) ? members.body : []);
    };
    filling.set(
      chatId,
      (filling.get(chatId) ?? Promise.resolve()).then(work).catch((error: unknown) => {
        if (!stopped.signal.aborted)
          findings.report('error', `${name}: the history of chat ${chatId}: ${String(error)}`);
      }),
    );
  }

  function receive(frame: SocketDownFrame): void {
    state.apply(frame);
    if (session !== undefined) parts.hear(frame, session);
    if (frame.type === 'hello') session = frame.session_id;
    if (frame.type === 'message' && live) measureWay(frame);
    if (frame.type === 'synced' && frame.complete) {
      live = true;
      liveSince = Date.now();
    }
    if ((frame.type === 'ack' || frame.type === 'error') && frame.ref !== undefined) {
      waiting.get(frame.ref)?.(frame);
      waiting.delete(frame.ref);
    }
  }

  /** How long a new message was on its way; server and device have the same clock. */
  function measureWay(frame: MessageFrame): void {
    const writtenAt = Date.parse(frame.created_at);
    const isChanged =
      frame.edited_at !== null || frame.deleted_at !== null || frame.pinned_at !== null || frame.reactions.length > 0;
    if (isChanged || writtenAt < liveSince) return;
    measures.add('a message is written and heard by who is connected', Date.now() - writtenAt);
  }

  /** One connection, from its beginning to its end; settles with its close code. */
  async function connectOnce(): Promise<number> {
    const connection = new WebSocket(`${parts.url}/ws`, { perMessageDeflate: false, handshakeTimeout: OPENING_MS });
    socket = connection;
    let heardAt = performance.now();
    const closed = new Promise<number>((resolve) => void connection.once('close', resolve));
    connection.on('error', () => connection.terminate());
    connection.on('open', () => {
      state.connected();
      send(connection, { type: 'auth', token });
      send(connection, { type: 'sync', since: state.since() });
    });
    connection.on('message', (data: Buffer) => {
      heardAt = performance.now();
      // What a server of this repository sends is typed there; what it means is judged here.
      receive(JSON.parse(data.toString()) as SocketDownFrame);
      if (live && lostAt !== undefined) {
        measures.add('a lost connection is back and has caught up', performance.now() - lostAt);
        lostAt = undefined;
      }
    });
    const heartbeat = setInterval(() => {
      if (performance.now() - heardAt > (live ? SILENCE_MS : OPENING_MS)) connection.terminate();
      else if (connection.readyState === WebSocket.OPEN) send(connection, { type: 'ping' });
    }, PING_MS);
    const code = await closed;
    clearInterval(heartbeat);
    live = false;
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
    return code;
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const code = await connectOnce();
      lostAt ??= performance.now();
      if (stopped.signal.aborted) return;
      if (code === CLOSED_SIGNED_OUT) {
        if (session === undefined || !parts.isEnded(session)) {
          findings.report('error', `${name} was signed out of session ${session ?? 'unknown'}, which nobody ended`);
        }
        session = undefined;
        token = await signIn();
      }
      await delay(Math.random() * RETURN_MS);
    }
  }

  run().catch((error: unknown) => {
    if (!stopped.signal.aborted) findings.report('error', `${name}: ${String(error)}`);
  });
  return {
    name,
    account,
    state,
    token: () => token,
    session: () => session,
    isLive: () => live,
    async ask(frame) {
      const connection = socket;
      if (!live || connection === undefined) return undefined;
      refs += 1;
      const ref = String(refs);
      return new Promise((resolve) => {
        const impatience = setTimeout(() => settle(undefined), ANSWER_MS);
        const settle = (reply: Reply): void => {
          clearTimeout(impatience);
          resolve(reply);
        };
        waiting.set(ref, settle);
        send(connection, { ...frame, ref });
      });
    },
    async filled() {
      while (filling.size > 0) {
        const under = [...filling];
        await Promise.all(under.map(async ([, work]) => work));
        for (const [chatId, work] of under) if (filling.get(chatId) === work) filling.delete(chatId);
      }
    },
    stop() {
      stopped.abort();
      socket?.terminate();
    },
  };
}

function send(socket: WebSocket, frame: SocketUpFrame): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}
