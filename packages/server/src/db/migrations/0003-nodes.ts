import { sql, type Kysely } from 'kysely';

/**
 * The servers that run on this database. It is written every few seconds and worth nothing after a crash, when every
 * server says anew that it lives: unlogged, it costs no disk.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    CREATE UNLOGGED TABLE nodes (
      id uuid PRIMARY KEY,
      seen_at timestamptz(3) NOT NULL
    )`.execute(db);
}
