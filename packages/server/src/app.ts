import { MESSAGE_FILES } from '@beseda/protocol/limits.ts';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Bus } from './bus/bus.ts';
import { systemTimer, type Clock, type Stopwatch } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './db/open.ts';
import { createAccessTokens } from './domain/access-tokens.ts';
import { catchUp } from './domain/changes.ts';
import { writeMarks } from './domain/reading.ts';
import { hiddenAmong, lastSeenOf, storeLastSeen } from './domain/last-seen.ts';
import { memberListsOf } from './domain/member-lists.ts';
import type { Draft } from './domain/send-messages.ts';
import { createFileGrants } from './domain/file-links.ts';
import { keepCollecting } from './files/collecting.ts';
import { createContents } from './files/contents.ts';
import { createDiskStore } from './files/disk-store.ts';
import { createImageMaking } from './files/image-making.ts';
import { createUploads } from './files/uploads.ts';
import { createBridge } from './live/bridge.ts';
import { createBusMessages } from './live/bus-messages.ts';
import { keepComparing } from './live/comparing.ts';
import { createHub } from './live/hub.ts';
import { createMarking } from './live/marking.ts';
import { createNodes } from './live/nodes.ts';
import { createPerform, createPerformPipelined } from './live/perform.ts';
import { BEAT_MS, createPresence } from './live/presence.ts';
import { createSend } from './live/sending.ts';
import { createSessionEnds } from './live/session-ends.ts';
import { createTurnstile } from './live/turnstile.ts';
import { createTyping } from './live/typing.ts';
import { StartupError } from './startup-error.ts';
import { createAdmit } from './transport/admitting.ts';
import { encodeForChatDoor } from './transport/chat-door-frames.ts';
import type { Context } from './transport/context.ts';
import { encodeForMainDoor } from './transport/main-door-frames.ts';
import { createHttp } from './transport/http.ts';
import { createMetrics, type Metrics } from './transport/metrics.ts';
import type { Load } from './transport/overload.ts';
import { createSocketPlaces } from './transport/places.ts';
import { serveSockets } from './transport/sockets.ts';
import { createThrottles } from './transport/throttle.ts';

export interface AppParts {
  config: Config;
  /** Open and migrated; whoever opened it closes it after `stop`. */
  database: Database;
  /** What carries events to and from other nodes; whoever opened it closes it after `stop`. */
  bus: Bus;
  /** What access tokens are signed with. */
  secret: string;
  clock: Clock;
  /** The usual turn of the event loop at present, in milliseconds. */
  loopMs: () => number;
  /** What waiting is measured by. */
  stopwatch: Stopwatch;
  logger: FastifyBaseLogger;
  /** Where the web client is built to; without it there is none at `/`. */
  webFolder?: string | undefined;
}

export interface App {
  /** Where it listens, e.g. `http://localhost:8000`. */
  address: string;
  /**
   * Stops without losing anything: wants no new work, tells the sockets to go elsewhere, finishes what is under way,
   * and closes. Takes 10 s at most, whoever does not let go.
   */
  stop(): Promise<void>;
}

/** What the last sockets get to say goodbye before they are cut off, on top of the draining. */
const SOCKET_GRACE_MS = 2000;

/** Gaps that are filled at once: a few connections of the pool, so that sends and reads get the others. */
const CATCHING_UP_AT_ONCE = 3;

/**
 * Clients that are synced at once, likewise: when all come back together they wait here, for as long as it takes, and
 * not for connections, which whoever sends or signs in needs too and is refused after 2 s.
 */
const SYNCING_AT_ONCE = 3;

/** What requests under way get to finish, on top of both. */
const REQUEST_GRACE_MS = 3000;

/** Milliseconds that never go back, unlike the time of day. */
const monotonic = (): number => performance.now();

/**
 * A whole server, listening.
 *
 * @throws StartupError when the port cannot be had.
 */
export async function startApp(parts: AppParts): Promise<App> {
  const { config, bus, secret, clock, stopwatch, loopMs, logger, webFolder } = parts;
  const { db, pipelined, snapshot } = parts.database;
  const nodeId = randomUUID();
  const messages = createBusMessages(bus, (error) =>
    logger.warn({ err: error }, 'a message between nodes was left out'),
  );
  const oneOfFew = createTurnstile(CATCHING_UP_AT_ONCE);
  const bridge = createBridge(messages);
  const hub = createHub({
    bus,
    bridge,
    encode: (frame, door) => (door === 'chat' ? encodeForChatDoor(frame) : encodeForMainDoor(frame)),
    catchUp: async (chatId, since) => oneOfFew(async () => catchUp(snapshot, chatId, since)),
    onError: (error) => logger.error({ err: error }, 'a gap in a chat could not be filled'),
  });
  const nodes = createNodes(nodeId, db, messages, monotonic);
  const sessionEnds = createSessionEnds(nodeId, messages, hub, nodes);
  const perform = createPerform(db, hub);
  const send = createSend(createPerformPipelined(pipelined, hub), clock, monotonic);
  const load: Load = { loopMs, laneMs: send.waitMs };
  const metrics = createMetrics({ sockets: () => sockets.count(), heldBytes: () => sockets.heldBytes(), load });
  const presence = createPresence({
    id: nodeId,
    hub,
    messages,
    nodes,
    clock,
    stopwatch,
    encode: encodeForMainDoor,
    memberListsOf: async (chatIds) => memberListsOf(db, chatIds),
    hiddenAmong: async (userIds) => hiddenAmong(db, userIds),
    lastSeenOf: async (userIds) => lastSeenOf(db, userIds),
    storeLastSeen: async (sightings) => storeLastSeen(db, sightings),
    onError: (error) => logger.warn({ err: error }, 'who is online could not be looked up or stored'),
  });
  const { sizeOf } = presence;
  const typing = createTyping({ id: nodeId, hub, bridge, encode: encodeForMainDoor, sizeOf, stopwatch });
  const store = createDiskStore(join(config.dataDir, 'files'));
  const images = createImageMaking();
  const quotas = { maxSize: config.fileSizeLimit, perUser: config.userFilesLimit, inAll: config.allFilesLimit };
  let accepting = true;
  const context: Context = {
    production: config.production,
    db,
    snapshot,
    clock,
    hub,
    perform,
    marking: createMarking(
      async (acts) => perform(async (tx) => writeMarks(tx, acts, clock.now())),
      systemTimer,
      monotonic,
    ),
    send: Object.assign(
      async (draft: Draft) => {
        const sent = await send(draft);
        typing.sent(draft.chatId, draft.senderId);
        return sent;
      },
      { waitMs: send.waitMs },
    ),
    presence,
    files: {
      uploads: createUploads({ db, store, images, quotas, clock }),
      contents: createContents(db, store),
      grants: createFileGrants(secret, clock),
      limits: {
        max_size: quotas.maxSize,
        max_per_message: MESSAGE_FILES.max,
        user_quota: quotas.perUser,
      },
    },
    typing,
    stopwatch,
    endSessions: sessionEnds.endSessions,
    accessTokens: createAccessTokens(secret, config.accessTokenLifetime, clock),
    admit: createAdmit(db, clock, monotonic),
    lifetimes: { idle: config.refreshTokenLifetime, absolute: config.sessionLifetime },
    passwordRules: config.passwordRules,
    throttles: createThrottles(config.rateLimits, clock),
    limited: config.rateLimits,
    places: createSocketPlaces(config.rateLimits),
    syncing: createTurnstile(SYNCING_AT_ONCE),
    load,
    metrics,
    metricsToken: config.metricsToken,
    accepting: () => accepting,
  };
  const http = await createHttp(context, {
    logger,
    corsOrigins: config.corsOrigins,
    trustProxy: config.trustProxy,
    webFolder,
  });
  const sockets = serveSockets(http.server, context, logger, config.trustProxy);
  const stopComparing = keepComparing({ db, hub, bus, nodes, clock }, (error) =>
    logger.warn({ err: error }, 'this node could not compare what it has heard with the database'),
  );
  const stopCollecting = keepCollecting({ db, store, clock, stopwatch }, (error) =>
    logger.warn({ err: error }, 'files that were removed could not be collected'),
  );
  const beats = setInterval(() => void presence.beat(), BEAT_MS).unref();
  let metricsServer: Server | undefined;
  async function stop(): Promise<void> {
    accepting = false;
    stopComparing();
    stopCollecting();
    const marked = context.marking.drain();
    clearInterval(beats);
    await sockets.close({ spreadMs: config.drainTime * 1000, graceMs: SOCKET_GRACE_MS, delay, random: Math.random });
    // Those whose last socket has closed just now were seen just now.
    const seen = presence.stop();
    const impatience = setTimeout(() => http.server.closeAllConnections(), REQUEST_GRACE_MS);
    await http.close();
    clearTimeout(impatience);
    await Promise.all([marked, seen]);
    images.stop();
    sessionEnds.stop();
    await nodes.end().catch((error: unknown) => logger.warn({ err: error }, 'the others were not told of the end'));
    metricsServer?.close();
    metrics.close();
  }
  try {
    await listen('PORT', config.port, config.host, async () => http.listen({ port: config.port, host: config.host }));
    if (config.metricsPort !== undefined) metricsServer = await serveMetrics(metrics, config, config.metricsPort);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: `http://${displayHost(config.host)}:${portOf(http.server)}`, stop };
}

async function serveMetrics(metrics: Metrics, config: Config, port: number): Promise<Server> {
  const server = createServer((_request, response) => {
    metrics.expose().then(
      ({ contentType, body }) => response.writeHead(200, { 'content-type': contentType }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await listen('METRICS_PORT', port, config.host, async () => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, config.host, resolve);
    });
  });
  return server;
}

async function listen(setting: string, port: number, host: string, begin: () => Promise<unknown>): Promise<void> {
  try {
    await begin();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reasons: Partial<Record<string, string>> = {
      EADDRINUSE: `${setting}: ${port} is in use by another program. Stop it, or set ${setting} to another port.`,
      EACCES: `${setting}: ${port} may not be used by this user. Choose one from 1024 up.`,
      EADDRNOTAVAIL: `HOST: ${host} is not an address of this machine. Use localhost, or 0.0.0.0 for all of them.`,
      ENOTFOUND: `HOST: ${host} is not known here. Use localhost, or 0.0.0.0 for all addresses of this machine.`,
    };
    throw new StartupError(reasons[code] ?? `${setting}: cannot listen on ${host}:${port}: ${String(error)}`);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function displayHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
