import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnGuarded, type GuardedProcess } from '@beseda/server/db/embedded/guarded-process.ts';
import { StartupError } from '@beseda/server/startup-error.ts';
import { freePort } from './free-port.ts';

export interface NatsOptions {
  /** Absolute path of `nats-server`. */
  program: string;
  /** For its log. */
  folder: string;
  /** For clients; a free one by default. */
  port?: number;
  /** More arguments of `nats-server`, to set up a cluster or TLS. */
  args?: readonly string[];
}

/** A NATS server of this process, which ends when this process does. */
export interface NatsServer {
  port: number;
  /** For `NATS_URL`; the same after a restart. */
  url: string;
  /** Starts it again at the same port; settles when it takes clients. */
  start(): Promise<void>;
  /** Shuts it down; its clients are told. */
  stop(): Promise<void>;
  /** Ends it as a power cut would; nobody is told. */
  kill(): Promise<void>;
}

const POLL_MS = 10;

/**
 * Starts a NATS server on 127.0.0.1; settles when it takes clients.
 *
 * @throws StartupError with the end of its log when it ends instead.
 */
export async function startNatsServer({ program, folder, port, args = [] }: NatsOptions): Promise<NatsServer> {
  const at = port ?? (await freePort());
  const logPath = join(folder, `nats-${at}.log`);
  let running: GuardedProcess | undefined;

  async function start(): Promise<void> {
    if (running !== undefined) return;
    const output = openSync(logPath, 'a');
    const child = spawnGuarded({
      command: program,
      args: ['--addr', '127.0.0.1', '--port', String(at), ...args],
      cwd: folder,
      account: undefined,
      output,
    });
    closeSync(output);
    running = child;
    let how: string | undefined;
    void child.ended.then((outcome) => (how = outcome.how));
    while (!(await greets(at))) {
      if (how !== undefined) {
        running = undefined;
        throw new StartupError(`nats-server did not start (${how}). Its log says:\n${tail(logPath)}`);
      }
      await delay(POLL_MS);
    }
  }

  async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const child = running;
    running = undefined;
    child?.signal(signal);
    await child?.ended;
  }

  await start();
  return {
    port: at,
    url: `nats://127.0.0.1:${at}`,
    start,
    stop: async () => end('SIGINT'),
    kill: async () => end('SIGKILL'),
  };
}

/**
 * Starts several NATS servers that know each other.
 *
 * @param size how many.
 */
export async function startNatsCluster(options: Omit<NatsOptions, 'port'>, size: number): Promise<NatsServer[]> {
  const routePorts: number[] = [];
  while (routePorts.length < size) routePorts.push(await freePort());
  const routes = routePorts.map((port) => `nats://127.0.0.1:${port}`).join(',');
  return Promise.all(
    routePorts.map(async (routePort) => {
      const cluster = ['--cluster_name', 'beseda', '--cluster', `nats://127.0.0.1:${routePort}`, '--routes', routes];
      return startNatsServer({ ...options, args: [...(options.args ?? []), ...cluster] });
    }),
  );
}

/** A NATS server begins each connection with a line `INFO {…}`. */
async function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => settle(data.toString().startsWith('INFO ')));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}

function tail(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
}
