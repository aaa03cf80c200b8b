import { sql, type Kysely } from 'kysely';

/** A personal chat may be one with oneself. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE personal_chats DROP CONSTRAINT personal_chats_check`,
    sql`ALTER TABLE personal_chats ADD CONSTRAINT personal_chats_pair CHECK (low_id <= high_id)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
