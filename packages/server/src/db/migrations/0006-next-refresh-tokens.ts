import { sql, type Kysely } from 'kysely';

/**
 * The next token that a client chose when it traded one in: a repeat of the same trade is told from other uses of the
 * old token by it.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE refresh_tokens ADD COLUMN next_hash bytea`.execute(db);
}
