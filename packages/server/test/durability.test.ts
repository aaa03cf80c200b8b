import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runBeseda } from '../testing/beseda-process.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

/** What a server on this database prints until it listens. */
async function startUp({ connection }: TestDatabase): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'beseda-durability-'));
  onTestFinished(async () => rm(directory, { recursive: true, force: true }));
  const { user, password, host, port, database } = connection;
  const place = `${encodeURIComponent(String(host))}:${port}/${database}`;
  const DATABASE_URL = `postgresql://${user}:${encodeURIComponent(String(password))}@${place}`;
  const server = runBeseda(['start'], { PORT: '0', HOST: '127.0.0.1', DATABASE_URL }, directory);
  await server.address();
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
  return server.output();
}

describe(
  'a PostgreSQL of somebody else, which may have been told not to keep what it commits',
  { timeout: 60_000 },
  () => {
    test('is used as it is, with a warning that says what is off and what to do', async () => {
      const database = await createTestDatabase(2);
      onTestFinished(async () => database.drop());
      expect(await startUp(database)).not.toContain('synchronous_commit');
      await sql`ALTER DATABASE ${sql.id(String(database.connection.database))} SET synchronous_commit = off`.execute(
        database.db,
      );
      expect(await startUp(database)).toMatch(/^Warning: synchronous_commit .* is off: .* Turn it on/m);
    });
  },
);
