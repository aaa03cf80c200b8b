import { sql } from 'kysely';
import type { Db } from './open.ts';

/**
 * What of the settings of a PostgreSQL lets a power cut undo what it has said to be committed, in words for people.
 * `local`, `remote_write` and `remote_apply` keep that promise on its own disk, as `on` does.
 */
export async function durabilityWarnings(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync') AND setting = 'off' ORDER BY name`.execute(
    db,
  );
  return rows.map(
    ({ name }) =>
      `${name} of the PostgreSQL that DATABASE_URL names is off: a power cut or a crash there can undo messages that ` +
      `were acknowledged. Turn it on in postgresql.conf, and look for ALTER SYSTEM, DATABASE or ROLE … SET ${name}.`,
  );
}
