import { UserId } from '@beseda/protocol/scalars.ts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { PRESENCE_SUBJECT, presenceSubject } from '../bus/bus.ts';
import type { BusMessages } from './bus-messages.ts';
import type { OnlineUsers } from './online-users.ts';

/** Users named in one message between nodes: some 200 KiB at most, of the 1 MiB that NATS takes by default. */
const USERS_OF_ONE_MESSAGE = 10_000;

/** A node that says nothing for so long is taken for gone: six of its beats are missing. */
export const SILENCE_MS = 30_000;

/** How soon, in milliseconds, a node is asked again for what it did not answer. */
const ASKING_MS = 1000;

const NodeId = Type.String({ format: 'uuid' });
const Count = Type.Integer({ minimum: 0 });
const SeenAt = Type.Union([Type.Number(), Type.Null()]);

const News = Type.Union([
  // What changed, as the so-manieth change of this node.
  Type.Object({
    node: NodeId,
    change: Count,
    came: Type.Array(UserId),
    went: Type.Array(Type.Tuple([UserId, SeenAt])),
  }),
  // How many changes there were, told now and then, so that a lost one is noticed.
  Type.Object({ node: NodeId, changes: Count }),
  Type.Object({ user: UserId, visible: Type.Boolean() }),
]);
const news = Compile(News);

const Letter = Type.Union([
  Type.Object({ asks: NodeId }),
  // All who are online at a node after so many changes, in parts.
  Type.Object({ node: NodeId, changes: Count, part: Count, parts: Count, users: Type.Array(UserId) }),
]);
const letters = Compile(Letter);

/** What nodes tell each other of who is online. */
export interface PresenceExchange {
  /** Users are online here who were not, or are no more; told together at the end of the turn. */
  came(userId: number): void;
  went(userId: number, seenAt: number | null): void;
  /** A user has decided whether to be seen. */
  decided(userId: number, visible: boolean): void;
  /** Says how far this node is, and finds out who fell silent. Called every few seconds. */
  beat(): void;
  /** A node is heard that was not: asks it who is there. */
  heard: (node: string) => void;
  gone: (node: string) => void;
  stop(): void;
}

export interface PresenceExchangeOptions {
  id: string;
  messages: BusMessages;
  online: OnlineUsers;
  /** Milliseconds that pass evenly. */
  elapsed: () => number;
  /** The time of day, in milliseconds. */
  now: () => number;
  /** Runs something at the end of the turn of the event loop. */
  afterTurn: (act: () => void) => void;
  onDecided: (userId: number, visible: boolean) => void;
  /** Users who are online nowhere since a node was lost, and when it was heard last. */
  onLost: (userIds: readonly number[], seenAt: Date) => void;
}

interface Other {
  /** How many of its changes are known; undefined until it has told all. */
  changes: number | undefined;
  /** Milliseconds of {@link PresenceExchangeOptions.elapsed}, and of the time of day. */
  heardAt: number;
  heardOn: number;
  askedAt: number;
  /** Parts of its whole state, after so many changes. */
  parts: { changes: number; users: (readonly number[] | undefined)[] };
}

export function createPresenceExchange(options: PresenceExchangeOptions): PresenceExchange {
  const { id, messages, online, elapsed, now, afterTurn } = options;
  const others = new Map<string, Other>();
  /** What changed here and is not told yet; undefined: online. */
  let untold = new Map<number, { seenAt: number | null } | undefined>();
  let changes = 0;

  function other(node: string): Other {
    const known = others.get(node) ?? {
      changes: undefined,
      heardAt: 0,
      heardOn: 0,
      askedAt: Number.NEGATIVE_INFINITY,
      parts: { changes: -1, users: [] },
    };
    known.heardAt = elapsed();
    known.heardOn = now();
    others.set(node, known);
    return known;
  }

  function ask(node: string, known: Other): void {
    if (elapsed() - known.askedAt < ASKING_MS) return;
    known.askedAt = elapsed();
    messages.tell(presenceSubject(node), { asks: id });
  }

  function tell(): void {
    const told = [...untold];
    untold = new Map();
    for (let from = 0; from < told.length; from += USERS_OF_ONE_MESSAGE) {
      const part = told.slice(from, from + USERS_OF_ONE_MESSAGE);
      changes += 1;
      messages.tell(PRESENCE_SUBJECT, {
        node: id,
        change: changes,
        came: part.flatMap(([userId, gone]) => (gone === undefined ? [userId] : [])),
        went: part.flatMap(([userId, gone]) => (gone === undefined ? [] : [[userId, gone.seenAt]])),
      });
    }
  }

  function note(userId: number, gone: { seenAt: number | null } | undefined): void {
    if (untold.size === 0) afterTurn(tell);
    untold.set(userId, gone);
  }

  function answer(asker: string): void {
    // Together they are the state after so many changes.
    tell();
    const users = [...online.at(id)];
    const parts = Math.max(1, Math.ceil(users.length / USERS_OF_ONE_MESSAGE));
    for (let part = 0; part < parts; part += 1) {
      const some = users.slice(part * USERS_OF_ONE_MESSAGE, (part + 1) * USERS_OF_ONE_MESSAGE);
      messages.tell(presenceSubject(asker), { node: id, changes, part, parts, users: some });
    }
  }

  function take(node: string, known: Other, told: { changes: number; part: number; parts: number; users: number[] }) {
    if (told.changes < (known.changes ?? 0)) return;
    if (known.parts.changes !== told.changes) known.parts = { changes: told.changes, users: [] };
    const { users } = known.parts;
    users.length = told.parts;
    users[told.part] = told.users;
    // A part that is missing leaves a hole, which `some` would pass over.
    if (Array.from(users).includes(undefined)) return;
    known.changes = told.changes;
    known.parts = { changes: -1, users: [] };
    online.replace(
      node,
      users.flatMap((part) => part ?? []),
      now(),
    );
  }

  function forget(node: string): void {
    const known = others.get(node);
    others.delete(node);
    const seenAt = known?.heardOn ?? now();
    const lost = online.forget(node, seenAt);
    if (lost.length > 0) options.onLost(lost, new Date(seenAt));
  }

  const stops = [
    messages.hear(PRESENCE_SUBJECT, news, (told) => {
      if ('user' in told) {
        options.onDecided(told.user, told.visible);
        return;
      }
      const known = other(told.node);
      if ('changes' in told) {
        if (known.changes === undefined || known.changes < told.changes) ask(told.node, known);
      } else if (known.changes !== undefined && told.change === known.changes + 1) {
        known.changes = told.change;
        online.change(told.node, told.came, told.went);
      } else if (known.changes === undefined || told.change > known.changes) ask(told.node, known);
    }),
    messages.hear(presenceSubject(id), letters, (letter) => {
      if ('asks' in letter) answer(letter.asks);
      else take(letter.node, other(letter.node), letter);
    }),
  ];

  return {
    came(userId) {
      online.change(id, [userId], []);
      note(userId, undefined);
    },
    went(userId, seenAt) {
      online.change(id, [], [[userId, seenAt]]);
      note(userId, { seenAt });
    },
    decided: (userId, visible) => messages.tell(PRESENCE_SUBJECT, { user: userId, visible }),
    beat() {
      tell();
      messages.tell(PRESENCE_SUBJECT, { node: id, changes });
      for (const [node, { heardAt }] of others) if (elapsed() - heardAt >= SILENCE_MS) forget(node);
    },
    heard(node) {
      ask(node, other(node));
    },
    gone: forget,
    stop() {
      for (const stop of stops) stop();
    },
  };
}
