import type { AccessTokens, Identity } from '../domain/access-tokens.ts';
import type { PasswordRules } from '../domain/passwords.ts';
import type { SessionLifetimes } from '../domain/sessions.ts';
import type { Clock, Stopwatch } from '../clock.ts';
import type { Db } from '../db/open.ts';
import type { Snapshot } from '../db/snapshot.ts';
import type { Files } from '../files/files.ts';
import type { Hub } from '../live/hub.ts';
import type { Marking } from '../live/marking.ts';
import type { Perform } from '../live/perform.ts';
import type { Presence } from '../live/presence.ts';
import type { Send } from '../live/sending.ts';
import type { EndSessions } from '../live/session-ends.ts';
import type { Turnstile } from '../live/turnstile.ts';
import type { Typing } from '../live/typing.ts';
import type { Admit } from './admitting.ts';
import type { Metrics } from './metrics.ts';
import type { Load } from './overload.ts';
import type { SocketPlaces } from './places.ts';
import type { Throttles } from './throttle.ts';

/** What the doors of the server work with. */
export interface Context {
  /** Whether this is for real use: nothing that is only for trying may be offered. */
  production: boolean;
  db: Db;
  snapshot: Snapshot;
  clock: Clock;
  stopwatch: Stopwatch;
  hub: Hub;
  perform: Perform;
  send: Send;
  marking: Marking;
  presence: Presence;
  files: Files;
  typing: Typing;
  /** To be called once the sessions have ended in the database. */
  endSessions: EndSessions;
  accessTokens: AccessTokens;
  admit: Admit;
  lifetimes: SessionLifetimes;
  passwordRules: PasswordRules;
  throttles: Throttles;
  /** Whether it is counted what clients send. */
  limited: boolean;
  places: SocketPlaces;
  /** Lets a few syncs read at once. */
  syncing: Turnstile;
  load: Load;
  metrics: Metrics;
  metricsToken: string | undefined;
  /** Whether the server wants new work: false from the moment it begins to stop. */
  accepting: () => boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set on every route behind {@link Identity} authentication. */
    identity: Identity;
    /** The state of the chat in the address when its member was let past, where the route asks for it by `config`. */
    chatState: string | undefined;
  }
  interface FastifyContextConfig {
    /** Whether the route reads much at once, and so makes way first when there is too much to do. */
    heavy?: boolean;
    /** Whether the route is told the state of the chat in its address. */
    chatState?: boolean;
    /** False: pages of other origins get no leave to read the answers of this route. */
    cors?: false;
  }
}
