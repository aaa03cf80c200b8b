import { connect, credsAuthenticator, type NatsConnection, type ConnectionOptions } from '@nats-io/transport-node';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from './bus.ts';

/** How a NATS cluster is reached. */
export interface NatsSettings {
  /** `host:port` each. */
  servers: string[];
  user: string | undefined;
  password: string | undefined;
  token: string | undefined;
  /** Whether the connections are encrypted. */
  tls: boolean;
  /** What NATS hands out to a user: a token and a key. */
  credentialsFile: string | undefined;
  /** The authority that vouches for the NATS servers. */
  caFile: string | undefined;
  /** What this server shows to them. */
  certFile: string | undefined;
  keyFile: string | undefined;
}

export interface NatsReports {
  onError: (error: Error) => void;
  onConnection: (connected: boolean) => void;
}

/** A silent server is asked this often, and taken for gone after two questions without an answer. */
const PING_MS = 1000;
const UNANSWERED_PINGS = 2;

/** How long to wait between attempts to get back; others will come back at the same moment, so it varies. */
const RECONNECT_MS = 200;
const RECONNECT_JITTER_MS = 300;

/** How long a dial may take: a server that does not answer must not keep one from the next of the cluster. */
const DIAL_MS = 2000;

/** How long to wait between attempts to reach a cluster that was not reached before: it may be starting too. */
const FIRST_RETRY_MS = 500;

/** How long {@link Bus.inForce} waits for the round trip that proves it. */
const IN_FORCE_MS = 1000;

type Hear = (payload: string) => void;

/**
 * The bus over NATS core, whose messages arrive at most once. It returns at once and connects in the background, for
 * as long as it takes: a server without its bus still serves.
 */
export function createNatsBus(settings: NatsSettings, { onError, onConnection }: NatsReports): Bus {
  /** What was subscribed before there was a connection is subscribed with it. */
  const subscriptions = new Set<{ subject: string; hear: Hear; stop: () => void }>();
  const watchers = new Set<(connected: boolean) => void>([onConnection]);
  let connection: NatsConnection | undefined;
  let connected = false;
  const closing = new AbortController();

  function changed(now: boolean): void {
    if (closing.signal.aborted || connected === now) return;
    connected = now;
    for (const watcher of watchers) watcher(now);
  }

  async function follow(made: NatsConnection): Promise<void> {
    for await (const status of made.status()) {
      switch (status.type) {
        case 'disconnect':
        case 'staleConnection':
        case 'close':
          changed(false);
          break;
        case 'reconnect':
          changed(true);
          break;
        case 'error':
          onError(status.error);
          break;
        case 'forceReconnect':
        case 'ldm':
        case 'ping':
        case 'reconnecting':
        case 'slowConsumer':
        case 'update':
      }
    }
  }

  const subscribeNow = (made: NatsConnection, subject: string, hear: Hear): (() => void) => {
    const subscription = made.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) hear(message.string());
        else onError(error);
      },
    });
    return () => subscription.unsubscribe();
  };

  async function reach(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        established(await connect(connectionOptions(settings)));
        return;
      } catch (error) {
        onError(asError(error));
        await delay(FIRST_RETRY_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  function established(made: NatsConnection): void {
    if (closing.signal.aborted) {
      made.close().catch(onError);
      return;
    }
    connection = made;
    for (const subscription of subscriptions) {
      subscription.stop = subscribeNow(made, subscription.subject, subscription.hear);
    }
    changed(true);
    follow(made).catch(onError);
  }

  void reach();

  return {
    publish(subject, payload) {
      if (!connected || connection === undefined) return;
      try {
        connection.publish(subject, payload());
      } catch (error) {
        // Too big for the servers' `max_payload`, or just closing: others find out by comparing.
        onError(asError(error));
      }
    },

    subscribe(subject, hear) {
      const subscription = { subject, hear, stop: () => {} };
      subscriptions.add(subscription);
      if (connection !== undefined && !connection.isClosed()) {
        subscription.stop = subscribeNow(connection, subject, hear);
      }
      return () => {
        if (subscriptions.delete(subscription)) subscription.stop();
      };
    },

    async inForce() {
      if (connection === undefined || !connected) return;
      const deadline = Promise.withResolvers<void>();
      const timer = setTimeout(deadline.resolve, IN_FORCE_MS);
      await Promise.race([connection.flush().catch(() => {}), deadline.promise]);
      clearTimeout(timer);
    },

    connected: () => connected,

    onConnection(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },

    async close() {
      closing.abort();
      connected = false;
      await connection?.close();
    },
  };
}

function connectionOptions(settings: NatsSettings): ConnectionOptions {
  const { servers, user, password, token, credentialsFile } = settings;
  const tls = tlsOptions(settings);
  return {
    servers,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(token === undefined ? {} : { token }),
    ...(credentialsFile === undefined ? {} : { authenticator: credsAuthenticator(readFileSync(credentialsFile)) }),
    ...(tls === undefined ? {} : { tls }),
    name: 'beseda',
    noEcho: true,
    maxReconnectAttempts: -1,
    // A refusal may be a slip that is mended on the other side: there is nothing better to do than to try again.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    timeout: DIAL_MS,
    pingInterval: PING_MS,
    maxPingOut: UNANSWERED_PINGS,
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function tlsOptions({ tls, caFile, certFile, keyFile }: NatsSettings): ConnectionOptions['tls'] {
  if (!tls && caFile === undefined && certFile === undefined) return undefined;
  return {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
}
