import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { StartupError } from '../startup-error.ts';
import { migrations } from './migrations/index.ts';
import type { Db } from './open.ts';

/**
 * Brings the schema up to date. Several processes may call it at once: Kysely's migrator takes an advisory lock for
 * the whole of it, and runs everything in one transaction.
 *
 * @returns the names of the migrations that were applied now, in order; empty when all had been.
 * @throws StartupError when the database belongs to a newer Beseda, or a migration failed (nothing is changed then).
 */
export async function migrate(db: Db): Promise<string[]> {
  await refuseNewerSchema(db);
  const { error, results } = await db.connection().execute(async (connection) => {
    // Another process may be migrating, and a large table takes its time.
    await sql`SET lock_timeout = 0`.execute(connection);
    await sql`SET statement_timeout = 0`.execute(connection);
    try {
      const migrator = new Migrator({ db: connection, provider: { getMigrations: async () => migrations } });
      return await migrator.migrateToLatest();
    } finally {
      await sql`RESET ALL`.execute(connection);
    }
  });
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the schema';
    const message = error instanceof Error ? error.message : JSON.stringify(error);
    throw new StartupError(`Migration ${failed} failed and nothing was changed: ${message}`, { cause: error });
  }
  return (results ?? []).map((result) => result.migrationName);
}

async function refuseNewerSchema(db: Db): Promise<void> {
  const { rows } = await sql<{ exists: boolean }>`SELECT to_regclass('kysely_migration') IS NOT NULL AS exists`.execute(
    db,
  );
  if (rows[0]?.exists !== true) return;
  const applied = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  const unknown = applied.rows.map((row) => row.name).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new StartupError(
      `The database was made by a newer Beseda (it knows ${unknown.join(', ')}, this version does not).\n` +
        'Start that version or a newer one, or restore a backup from before the upgrade. Nothing was changed.',
    );
  }
}
