import { sql } from 'kysely';
import type { Db } from '../db/open.ts';

/** Servers that have not been seen for so long, in seconds, are taken for dead. */
export const NODE_LIFE_S = 15;

/** What is so old, in seconds, that nobody needs to know. */
const FORGOTTEN_S = 600;

/**
 * Says that a server lives, and tells which others do. The database's clock alone counts here, so that servers whose
 * clocks differ agree.
 */
export async function showLife(db: Db, id: string): Promise<string[]> {
  await sql`
    INSERT INTO nodes (id, seen_at) VALUES (${id}, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at`.execute(db);
  await sql`DELETE FROM nodes WHERE seen_at < clock_timestamp() - make_interval(secs => ${FORGOTTEN_S})`.execute(db);
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM nodes
    WHERE id <> ${id} AND seen_at > clock_timestamp() - make_interval(secs => ${NODE_LIFE_S})`.execute(db);
  return rows.map((row) => row.id);
}

/** A server that stops is not to be waited for. */
export async function endLife(db: Db, id: string): Promise<void> {
  await db.deleteFrom('nodes').where('id', '=', id).execute();
}
