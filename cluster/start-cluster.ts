import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@beseda/server/db/embedded.ts';
import { installationSecret } from '@beseda/server/secret-key.ts';
import { StartupError } from '@beseda/server/startup-error.ts';
import { watchBackends } from './backends.ts';
import { databaseAddress } from './database-address.ts';
import { startNatsServer } from './nats-server.ts';
import { startNode, type NodeProcess } from './node-process.ts';
import type { ClusterOptions } from './options.ts';
import { startTcpProxy } from './tcp-proxy.ts';

export interface Cluster {
  /** Where the proxy in front of the servers answers. */
  url: string;
  /** The servers at present; one that ends by itself is started again. */
  nodes(): NodeProcess[];
  stop(): Promise<void>;
}

export interface ClusterParts extends ClusterOptions {
  /** Absolute path of `nats-server`. */
  natsProgram: string;
  /** Settings that every server gets besides those that make it one of the cluster. */
  environment: Record<string, string>;
  /** A calm line for the person at the terminal. */
  tell: (line: string) => void;
}

/** A server that ends by itself is started again after this long, so that one that cannot start does not spin. */
const RESTART_MS = 500;

/**
 * Starts a PostgreSQL, a NATS server, servers and the proxy in front of them; settles when all are ready.
 *
 * @throws StartupError when one of them cannot be started; nothing is left running then.
 */
export async function startCluster(parts: ClusterParts): Promise<Cluster> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    return { ...(await start(parts, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param undo gets what takes each step back. */
async function start(parts: ClusterParts, undo: (() => Promise<unknown>)[]): Promise<Omit<Cluster, 'stop'>> {
  const { dataDir, tell } = parts;
  const database = await openEmbedded({ dataDir, role: 'cluster', mode: 'own', tell });
  undo.push(async () => database.stop());
  const secret = await installationSecret(dataDir);
  const folder = await mkdtemp(join(tmpdir(), 'beseda-cluster-'));
  undo.push(async () => rm(folder, { recursive: true, force: true }));
  const nats = await startNatsServer({ program: parts.natsProgram, folder });
  undo.push(async () => nats.stop());
  const environment = {
    ...parts.environment,
    SECRET_KEY: secret,
    DATA_DIR: dataDir,
    DATABASE_URL: databaseAddress(database.connection),
    NATS_URL: nats.url,
    HOST: '127.0.0.1',
    PORT: '0',
  };
  const nodes = new Map<number, NodeProcess>();
  const stopping = new AbortController();

  async function launch(number: number): Promise<void> {
    const hear = (line: string): void => tell(`[${number}] ${line}`);
    const node = await startNode({ environment, directory: folder, hear });
    nodes.set(number, node);
    void node.ended.then(async () => relaunch(number));
  }

  async function relaunch(number: number): Promise<void> {
    nodes.delete(number);
    while (!stopping.signal.aborted && !nodes.has(number)) {
      tell(`Server ${number} has ended; it is started again …`);
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      if (!stopping.signal.aborted) await launch(number).catch((error: unknown) => tell(String(error)));
    }
  }

  undo.push(async () => {
    stopping.abort();
    for (const { signal } of nodes.values()) signal('SIGTERM');
    await Promise.all([...nodes.values()].map(async ({ ended }) => ended));
  });
  // One after the other: the first makes the schema.
  for (let number = 1; number <= parts.nodes; number += 1) await launch(number);
  const backends = watchBackends(() => [...nodes.values()].map(({ url }) => url));
  const front = await startTcpProxy({ open: backends.open, port: parts.port, host: 'localhost' }).catch(
    (error: unknown) => {
      throw new StartupError(`--port: cannot listen at ${parts.port}: ${String(error)}. Choose another one.`);
    },
  );
  undo.push(async () => {
    backends.close();
    await front.close();
  });
  const url = `http://localhost:${front.port}`;
  await database.announce(url);
  return { url, nodes: () => [...nodes.values()] };
}
