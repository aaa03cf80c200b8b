import { sql, type Kysely } from 'kysely';

/** Whose a forwarded message was at first, and when it was written: facts that never change, so they are written once. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`ALTER TABLE messages ADD COLUMN forwarded_sender_id bigint`,
    sql`ALTER TABLE messages ADD COLUMN forwarded_created_at timestamptz(3)`,
    sql`
      ALTER TABLE messages ADD CONSTRAINT messages_forwarded
      CHECK ((forwarded_sender_id IS NULL) = (forwarded_created_at IS NULL))`,
  ];
  for (const statement of statements) await statement.execute(db);
}
