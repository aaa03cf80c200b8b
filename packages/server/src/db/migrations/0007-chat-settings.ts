import { sql, type Kysely } from 'kysely';

/** How members have set a chat for themselves. No index: they are read with the member's own rows alone. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE members ADD COLUMN muted boolean NOT NULL DEFAULT false`,
    sql`ALTER TABLE members ADD COLUMN pinned boolean NOT NULL DEFAULT false`,
  ];
  for (const statement of statements) await statement.execute(db);
}
