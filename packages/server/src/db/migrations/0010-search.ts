import { sql, type Kysely } from 'kysely';
import { StartupError } from '../../startup-error.ts';

/**
 * The index by which messages are found. Its first column says where a message stands (in which block of which chat, and
 * whose it is), its second which words it holds: one look gives the messages that fit both, however many chats there
 * are. Trigrams would find parts of words too, and cost a send three times as much as words do; `pg_trgm` sees none but
 * Latin letters in a database of the locale C besides.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`CREATE EXTENSION IF NOT EXISTS unaccent`.execute(db).catch((error: unknown) => {
    throw new StartupError(
      `PostgreSQL refuses the extension unaccent, which searching needs: ${error instanceof Error ? error.message : ''}\n` +
        'Have an administrator install it (it is part of postgresql-contrib) and run in this database:\n' +
        'CREATE EXTENSION unaccent;',
    );
  });
  const { rows } = await sql<{ schema: string }>`
    SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'unaccent'`.execute(db);
  const unaccent = sql.id(rows[0]?.schema ?? 'public', 'unaccent');
  const dictionary = sql.lit(`${quoted(rows[0]?.schema ?? 'public')}.unaccent`);

  // `unaccent` is only called stable, since somebody could change its rules. Marks between words become spaces: else
  // `a.b`, `a-b` and addresses are words of their own kinds, and their parts are not found. In Chinese and Japanese,
  // which write no spaces, and in Korean each character is a word, and what one looks for a phrase of them.
  await sql`
    CREATE FUNCTION search_bare(written text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      RETURN lower(${unaccent}(${dictionary}::regdictionary, written));
    END $$`.execute(db);
  await sql`
    CREATE FUNCTION search_plain(written text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
      plain text := translate(lower(${unaccent}(${dictionary}::regdictionary, written)), './-_@:#', '       ');
    BEGIN
      IF plain ~ '[⺀-鿿가-힣豈-﫿]' THEN
        RETURN regexp_replace(plain, '([⺀-鿿가-힣豈-﫿])', ' \\1 ', 'g');
      END IF;
      RETURN plain;
    END $$`.execute(db);
  // The configuration is a Russian one, by which words in Latin letters are English.
  await sql`
    CREATE INDEX messages_search ON messages USING gin (
      (ARRAY[(chat_id << 22) | (id >> 10), -sender_id]),
      to_tsvector('pg_catalog.russian', search_plain(text))
    ) WHERE deleted_at IS NULL`.execute(db);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
