import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';

/** How test files reach the cluster, and the database to copy theirs from. */
export interface TestCluster {
  connection: { host: string; port: number; user: string; password: string };
  /** A database to be connected to while others are made and dropped. */
  admin: string;
  template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster;
  }
}

/**
 * One PostgreSQL for a run of the tests: the embedded one in a folder of its own, or the one that
 * `TEST_DATABASE_URL` names (its user must be allowed to create databases).
 */
export default async function startCluster(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['TEST_DATABASE_URL'];
  const cluster = external === undefined ? await embeddedCluster() : externalCluster(external);
  const { connection, admin } = cluster;
  const template = `beseda_test_template_${randomBytes(4).toString('hex')}`;
  await query({ ...connection, database: admin }, `CREATE DATABASE ${template}`);
  const { db } = await openDatabase({
    connection: { ...connection, database: template },
    poolSize: 1,
    onLostConnection: () => {},
  });
  await migrate(db);
  await db.destroy();
  project.provide('cluster', { connection, admin, template });
  return async () => {
    await query({ ...connection, database: admin }, `DROP DATABASE ${template} WITH (FORCE)`);
    await cluster.stop();
  };
}

async function embeddedCluster() {
  const dataDir = await mkdtemp(join(tmpdir(), 'beseda-test-'));
  const embedded = await openEmbedded({ dataDir, role: 'tests', mode: 'own', tell: () => {} });
  const { database, ...connection } = embedded.connection;
  return {
    connection,
    admin: database,
    async stop() {
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function externalCluster(address: string) {
  const url = new URL(address);
  return {
    connection: {
      host: url.hostname || 'localhost',
      port: Number(url.port || 5432),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    },
    admin: url.pathname.slice(1) || 'postgres',
    stop: async () => {},
  };
}

async function query(config: pg.ClientConfig, statement: string): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
