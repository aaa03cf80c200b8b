import { openEmbedded } from '@beseda/server/db/embedded.ts';
import { Client } from 'pg';
import { descendants, type Parts } from '../processes.ts';
import { startServerProcess, type ServerOptions, type ServerProcess } from '../server-process.ts';

/** A server that is measured. Stopping it again changes nothing. */
export interface Target extends ServerProcess {
  /** The server's process, and those of the PostgreSQL that it started. */
  parts: () => Parts;
  /** A connection to its database, for what would take too long through the server. It ends with the server. */
  database(): Promise<Client>;
}

export async function startTarget(options: ServerOptions): Promise<Target> {
  const server = await startServerProcess(options);
  let opened: Promise<{ client: Client; close(): Promise<void> }> | undefined;
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await (await opened)?.close();
    await server.stop();
  };
  return {
    ...server,
    parts: () => ({ server: [server.pid], PostgreSQL: descendants(server.pid) }),
    async database() {
      opened ??= openDatabase(server.dataDir);
      return (await opened).client;
    },
    stop: async () => (stopped ??= stop()),
  };
}

async function openDatabase(dataDir: string): Promise<{ client: Client; close(): Promise<void> }> {
  const embedded = await openEmbedded({ dataDir, role: 'bench', mode: 'share', tell: () => undefined });
  const client = new Client({ ...embedded.connection, ssl: false });
  await client.connect();
  return {
    client,
    async close() {
      await client.end();
      await embedded.stop();
    },
  };
}
