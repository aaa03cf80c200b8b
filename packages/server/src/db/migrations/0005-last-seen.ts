import { sql, type Kysely } from 'kysely';

/**
 * When users were online last, in a table of its own: it changes often, and `users` is read everywhere. Unlogged would
 * lose it with a crash, and it is nothing that comes back by itself. Whether it may be told stands with the user.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`CREATE TABLE last_seen (user_id bigint PRIMARY KEY, seen_at timestamptz(3) NOT NULL)`,
    sql`ALTER TABLE last_seen ADD CONSTRAINT last_seen_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`,
    sql`ALTER TABLE users ADD COLUMN last_seen_visible boolean NOT NULL DEFAULT true`,
  ];
  for (const statement of statements) await statement.execute(db);
}
