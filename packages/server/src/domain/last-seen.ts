import { sql } from 'kysely';
import type { Db } from '../db/open.ts';

/** That a user was online at a moment. */
export interface Sighting {
  userId: number;
  at: Date;
}

/** Stores when users were online last, in one statement. A moment never goes back; who hides it leaves none. */
export async function storeLastSeen(db: Db, sightings: readonly Sighting[]): Promise<void> {
  // One row a user, and in one order, so that two servers that store the same do not wait for each other in a circle.
  const latest = new Map<number, Date>();
  for (const { userId, at } of sightings) {
    const known = latest.get(userId);
    if (known === undefined || known < at) latest.set(userId, at);
  }
  const rows = [...latest].toSorted(([a], [b]) => a - b);
  if (rows.length === 0) return;
  await sql`
    INSERT INTO last_seen (user_id, seen_at)
    SELECT s.user_id, s.seen_at
    FROM unnest(${rows.map(([id]) => id)}::bigint[], ${rows.map(([, at]) => at)}::timestamptz[]) AS s (user_id, seen_at)
    JOIN users u ON u.id = s.user_id AND u.last_seen_visible
    ORDER BY s.user_id
    ON CONFLICT (user_id) DO UPDATE SET seen_at = EXCLUDED.seen_at WHERE last_seen.seen_at < EXCLUDED.seen_at`.execute(
    db,
  );
}

/** Those of the users who hide when they are online. */
export async function hiddenAmong(db: Db, userIds: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM users WHERE id = ANY (${userIds}::bigint[]) AND NOT last_seen_visible`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** When each of the users was online last; those who hide it, and those of whom it is not known, are left out. */
export async function lastSeenOf(db: Db, userIds: readonly number[]): Promise<Map<number, Date>> {
  const { rows } = await sql<{ user_id: number; seen_at: Date }>`
    SELECT s.user_id, s.seen_at FROM last_seen s
    JOIN users u ON u.id = s.user_id AND u.last_seen_visible
    WHERE s.user_id = ANY (${userIds}::bigint[])`.execute(db);
  return new Map(rows.map((row) => [row.user_id, row.seen_at]));
}
