import { sql } from 'kysely';
import type { Db } from '../db/open.ts';

/** Settles when the database answers; rejects when it does not. */
export async function requireDatabase(db: Db): Promise<void> {
  await sql`SELECT 1`.execute(db);
}
