import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type Socket } from 'node:net';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { openEmbedded, type EmbeddedPostgres } from '@beseda/server/db/embedded.ts';

/** The PostgreSQL that all servers share: the embedded one, owned by this process. */
export interface Database {
  connection: EmbeddedPostgres['connection'];
  /** A connection for a server, to be passed on by a proxy; undefined while it is down. */
  open: () => Promise<Socket | undefined>;
  /** Asks past all proxies and servers; again until it is answered. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** `kill -9` of the postmaster; settles with the milliseconds until connections are accepted again. */
  kill(): Promise<number>;
  stop(): Promise<void>;
}

const POLL_MS = 20;

export async function openSharedDatabase(dataDir: string, tell: (line: string) => void): Promise<Database> {
  const embedded = await openEmbedded({ dataDir, role: 'chaos', mode: 'own', tell });
  const { connection } = embedded;
  const socketPath = join(connection.host, `.s.PGSQL.${connection.port}`);

  async function once<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    const client = new pg.Client({ ...connection, ssl: false, connectionTimeoutMillis: 5000 });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query<Row>(text, values);
      return rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    for (;;) {
      try {
        return await once<Row>(text, values);
      } catch (error) {
        // A mistake in the statement is told; all else is the weather.
        if (error instanceof pg.DatabaseError && /^(42|22)/.test(error.code ?? '')) throw error;
        await delay(POLL_MS);
      }
    }
  }

  return {
    connection,
    open: async () =>
      new Promise((resolve) => {
        const socket = connect({ path: socketPath, allowHalfOpen: true });
        socket.once('connect', () => resolve(socket));
        socket.once('error', () => resolve(undefined));
      }),
    query,
    async kill() {
      const [pid] = (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n');
      const from = performance.now();
      process.kill(Number(pid), 'SIGKILL');
      // Its children answer for a moment longer than it lives.
      await delay(POLL_MS);
      await query('SELECT 1');
      return performance.now() - from;
    },
    stop: async () => embedded.stop(),
  };
}
