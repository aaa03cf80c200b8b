import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import { bigints } from '../db/pipeline.ts';
import type { Identity } from './access-tokens.ts';
import { stateOfMemberChat } from './history.ts';

/** One who asks, by a token that is valid, and the chat that is asked of, if it is one. */
export interface Asking {
  identity: Identity;
  chatId: number | undefined;
}

/** What the database says to that, of one moment. */
export interface Admission {
  /** Whether the session stands. */
  stands: boolean;
  /** The present state of the chat (`HistoryPage`); undefined: it is not the user's. */
  chatState: string | undefined;
}

/**
 * Looks up all who ask at one time, in one statement: a few entries of indexes for each. An answer for each, in order.
 *
 * The rows of `generate_subscripts` are what the planner cannot count beforehand. Of an `unnest` it would, find a plan
 * for fewer of them cheaper, and plan again at each use: 200 µs, where one look-up takes 10.
 */
export async function admissions(db: Db, asking: readonly Asking[], now: Date): Promise<Admission[]> {
  const sessions = `{${asking.map(({ identity }) => identity.sessionId).join(',')}}`;
  const users = bigints(asking.map(({ identity }) => identity.userId));
  const chats = bigints(asking.map(({ chatId }) => chatId ?? null));
  const { rows } = await sql<{ stands: boolean | null; chat_state: string | null }>`
    SELECT
      (
        SELECT true FROM sessions s
        WHERE s.id = asking.sessions[n] AND s.user_id = asking.users[n] AND s.ended_at IS NULL AND s.expires_at > ${now}
      ) AS stands,
      ${stateOfMemberChat({ chat: sql`asking.chats[n]`, user: sql`asking.users[n]` })} AS chat_state
    FROM (SELECT ${sessions}::uuid[] AS sessions, ${users}::bigint[] AS users, ${chats}::bigint[] AS chats) asking
    CROSS JOIN generate_subscripts(asking.sessions, 1) AS n
    ORDER BY n`.execute(db);
  return rows.map(({ stands, chat_state }) => ({ stands: stands === true, chatState: chat_state ?? undefined }));
}
