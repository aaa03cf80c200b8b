import { sql, type Kysely } from 'kysely';

/**
 * How many rows there are of a chat, and of a user, as the planner is to think from now on, whatever it counts: a
 * fraction of all rows (negative: so many different values there are for each row). Where most chats have a message or
 * none, as in a young server, it took any index that begins with the chat to be as good as the one that leads to the
 * row; a plan is kept, and by such a one each message sent read all of its chat.
 */
const DIFFERENT_VALUES = [
  ['messages', 'chat_id', -0.01],
  ['messages', 'id', -1],
  ['messages', 'sender_id', -0.01],
  ['reactions', 'chat_id', -0.01],
  ['members', 'chat_id', -0.1],
  ['members', 'user_id', -0.1],
] as const;

export async function up(db: Kysely<never>): Promise<void> {
  for (const [table, column, share] of DIFFERENT_VALUES) {
    await sql`ALTER TABLE ${sql.table(table)} ALTER COLUMN ${sql.ref(column)} SET (n_distinct = ${sql.lit(share)})`.execute(
      db,
    );
  }
}
