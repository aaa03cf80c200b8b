import { mkdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { installationSecret } from '@beseda/server/secret-key.ts';
import { watchBackends } from '../../cluster/backends.ts';
import { databaseAddress } from '../../cluster/database-address.ts';
import { startNatsServer, type NatsServer } from '../../cluster/nats-server.ts';
import { startTcpProxy, type TcpProxy } from '../../cluster/tcp-proxy.ts';
import { openSharedDatabase, type Database } from './database.ts';
import { createServerSlot, type ServerSlot } from './server-slot.ts';

/** Everything that can break: servers, PostgreSQL, NATS, and the connections between all of them and to the clients. */
export interface World {
  database: Database;
  nats: NatsServer;
  servers: readonly ServerSlot[];
  /** Between the clients and the servers; gives connections to those that are ready, by turns. */
  front: TcpProxy;
  /** Where clients go. */
  url: string;
  stop(): Promise<void>;
}

export interface WorldParts {
  nodes: number;
  natsProgram: string;
  /** For the data and the logs; made where it is missing. */
  folder: string;
  /** Where the data lies; in `folder` by default. */
  dataDir?: string;
  /** More settings of the servers. */
  environment?: Record<string, string>;
  /** What to run instead of the product's server. */
  program?: string;
  tell: (line: string) => void;
}

export async function startWorld(parts: WorldParts): Promise<World> {
  const { folder, tell, natsProgram } = parts;
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    await mkdir(folder, { recursive: true });
    const dataDir = parts.dataDir ?? join(folder, 'data');
    const database = await openSharedDatabase(dataDir, tell);
    undo.push(async () => database.stop());
    const secret = await installationSecret(dataDir);
    const nats = await startNatsServer({ program: natsProgram, folder });
    undo.push(async () => nats.stop());
    const servers: ServerSlot[] = [];
    for (let number = 1; number <= parts.nodes; number += 1) {
      const [toDatabase, toBus] = [
        await startTcpProxy({ open: database.open }),
        await startTcpProxy({ open: async () => openTcp(nats.port) }),
      ];
      undo.push(
        async () => toDatabase.close(),
        async () => toBus.close(),
      );
      const slot = createServerSlot({
        number,
        database: toDatabase,
        bus: toBus,
        folder,
        program: parts.program,
        environment: {
          SECRET_KEY: secret,
          DATA_DIR: dataDir,
          DATABASE_URL: databaseAddress(database.connection, toDatabase.port),
          NATS_URL: `nats://127.0.0.1:${toBus.port}`,
          HOST: '127.0.0.1',
          PORT: '0',
          RATE_LIMITS: 'off',
          ACCESS_TOKEN_LIFETIME: '1d',
          ...parts.environment,
        },
      });
      undo.push(async () => slot.stop());
      await slot.start();
      servers.push(slot);
    }
    const backends = watchBackends(() => servers.flatMap((server) => server.process()?.url ?? []));
    const front = await startTcpProxy({ open: backends.open });
    undo.push(async () => {
      backends.close();
      await front.close();
    });
    return { database, nats, servers, front, url: `http://127.0.0.1:${front.port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Removes what a world left behind. */
export async function removeWorld(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

async function openTcp(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
