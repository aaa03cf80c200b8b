import { sql, type Kysely } from 'kysely';

/** Files, and which messages have them. As in 0001: one statement a call, foreign keys in statements of their own. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    // The bytes lie in the file store under the id. Without a type, the file is not whole yet.
    sql`
      CREATE TABLE files (
        id uuid PRIMARY KEY,
        owner_id bigint NOT NULL,
        name text NOT NULL,
        size bigint NOT NULL,
        type text,
        width bigint,
        height bigint,
        preview text,
        created_at timestamptz(3) NOT NULL,
        sent_at timestamptz(3),
        removed_at timestamptz(3)
      )`,
    sql`ALTER TABLE files ADD CONSTRAINT files_owner FOREIGN KEY (owner_id) REFERENCES users (id)`,
    // What a user has is added up from here.
    sql`CREATE INDEX files_owner_id ON files (owner_id) INCLUDE (size)`,
    // What is to be collected, and nothing else.
    sql`CREATE INDEX files_unsent ON files (created_at) WHERE sent_at IS NULL`,
    sql`CREATE INDEX files_removed ON files (removed_at) WHERE removed_at IS NOT NULL`,

    // Whoever is in a chat may see the files of its messages.
    sql`
      CREATE TABLE message_files (
        chat_id bigint NOT NULL,
        message_id bigint NOT NULL,
        file_id uuid NOT NULL,
        PRIMARY KEY (chat_id, message_id, file_id)
      )`,
    sql`ALTER TABLE message_files ADD CONSTRAINT message_files_message FOREIGN KEY (chat_id, message_id) REFERENCES messages (chat_id, id) ON DELETE CASCADE`,
    sql`ALTER TABLE message_files ADD CONSTRAINT message_files_file FOREIGN KEY (file_id) REFERENCES files (id)`,
    sql`CREATE INDEX message_files_file_id ON message_files (file_id)`,

    // What is told of them never changes, so no page of history need look for it.
    sql`ALTER TABLE messages ADD COLUMN files json`,
  ];
  for (const statement of statements) await statement.execute(db);
}
