import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type Database } from '../src/db/open.ts';

export interface TestDatabase extends Database {
  /** For those that connect by themselves. */
  connection: pg.ClientConfig;
  drop(): Promise<void>;
}

/** A database of its own for a test file, copied from the run's template. */
export async function createTestDatabase(poolSize = 10): Promise<TestDatabase> {
  const { connection, template } = inject('cluster');
  const database = `beseda_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    // PostgreSQL copies a template for one at a time; others wait here instead of being refused.
    await admin.query('SELECT pg_advisory_lock(3601)');
    await admin.query(`CREATE DATABASE ${database} TEMPLATE ${template}`);
  });
  const { db, pipelined, snapshot } = await openDatabase({
    connection: { ...connection, database },
    poolSize,
    onLostConnection: () => {},
  });
  return {
    db,
    pipelined,
    snapshot,
    connection: { ...connection, database },
    async drop() {
      await db.destroy();
      await asAdmin(async (admin) => {
        await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      });
    },
  };
}

async function asAdmin(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const { connection, admin } = inject('cluster');
  const client = new pg.Client({ ...connection, database: admin });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
