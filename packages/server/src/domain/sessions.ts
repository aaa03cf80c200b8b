import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Session } from '@beseda/protocol/auth.ts';
import { sql } from 'kysely';
import type { Db } from '../db/open.ts';
import type { Identity } from './access-tokens.ts';
import { invalidInput, ProblemError } from './problem.ts';

/** Lifetimes in seconds. */
export interface SessionLifetimes {
  /** A refresh token that is not used for so long is worth nothing. */
  idle: number;
  /** A session ends after so long, used or not. */
  absolute: number;
}

export interface Device {
  userAgent: string | undefined;
  address: string | undefined;
}

/** A session and the only refresh token that continues it. */
export interface Opened extends Identity {
  refreshToken: string;
}

/** How a refresh token may be used more often than once, if at all. */
export interface Refreshing {
  /**
   * The next token, as its client chose it: 256 random bits. The same trade may be repeated until the next token is
   * used, as an answer may be lost on its way; who repeats it knows the next token, and learns nothing.
   */
  next?: string | undefined;
  /**
   * For so many seconds after its first use, a token is taken again: tabs of one browser share a cookie and may use it
   * at the same time, and none of them can choose what is in it. Left out: never.
   */
  toleranceS?: number;
}

/** What the device name is cut to: enough to recognise a browser by. */
const DEVICE_LENGTH = 300;

/** Begins a session for a user whose password was right. */
export async function openSession(
  db: Db,
  userId: number,
  device: Device,
  lifetimes: SessionLifetimes,
  now: Date,
): Promise<Opened> {
  const sessionId = randomUUID();
  const expiresAt = later(now, lifetimes.absolute);
  return db.transaction().execute(async (tx) => {
    await tx
      .insertInto('sessions')
      .values({
        id: sessionId,
        user_id: userId,
        device: storable(device.userAgent),
        address: device.address ?? null,
        created_at: now,
        last_used_at: now,
        expires_at: expiresAt,
        ended_at: null,
      })
      .execute();
    const refreshToken = newToken();
    await addRefreshToken(tx, refreshToken, { sessionId, expiresAt }, lifetimes, now);
    return { userId, sessionId, refreshToken };
  });
}

/**
 * Trades a refresh token for the next one. A token that was used before is either stolen or was: its session ends,
 * whoever holds the newer one (RFC 9700, section 4.14.2).
 *
 * @returns the session and its next token, or the refusal together with the session that ended by reuse.
 * @throws ProblemError `invalid_input` for a next token that is not new; nothing is used up then.
 */
export async function refreshSession(
  db: Db,
  refreshToken: string,
  lifetimes: SessionLifetimes,
  now: Date,
  { next: chosen, toleranceS = 0 }: Refreshing = {},
): Promise<{ opened: Opened } | { problem: ProblemError; ended: Identity | undefined }> {
  const hash = hashed(refreshToken);
  return db.transaction().execute(async (tx) => {
    const used = await tx
      .updateTable('refresh_tokens')
      .set({ used_at: sql<Date>`coalesce(used_at, ${now})`, next_hash: chosen === undefined ? null : hashed(chosen) })
      .where('hash', '=', hash)
      .where((row) => {
        const unused = row('used_at', 'is', null);
        return toleranceS === 0 ? unused : row.or([unused, row('used_at', '>', later(now, -toleranceS))]);
      })
      .returning(['session_id', 'expires_at'])
      .executeTakeFirst();
    if (used === undefined) {
      const repeated = chosen === undefined ? undefined : await findRepeated(tx, hash, chosen, now);
      if (repeated !== undefined) return { opened: repeated };
      return { problem: refused(), ended: await endByReuse(tx, hash, now) };
    }
    const session = await tx
      .updateTable('sessions')
      .set({ last_used_at: now })
      .where('id', '=', used.session_id)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .returning(['user_id', 'expires_at'])
      .executeTakeFirst();
    if (session === undefined || used.expires_at <= now) return { problem: refused(), ended: undefined };
    const next = chosen ?? newToken();
    const place = { sessionId: used.session_id, expiresAt: session.expires_at };
    await addRefreshToken(tx, next, place, lifetimes, now);
    return { opened: { userId: session.user_id, sessionId: used.session_id, refreshToken: next } };
  });
}

/** Those of the sessions that still stand. */
export async function standingSessions(db: Db, ids: readonly string[], now: Date): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sessions')
    .select('id')
    // As one list: a statement takes no more than 65,535 single parameters, and a server may have more sockets.
    .where('id', '=', sql<string>`ANY (${ids}::uuid[])`)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** Ends the user's sessions that `which` names: one, or all but one. Returns the ids of those that stood. */
export async function endSessions(
  db: Db,
  userId: number,
  which: { only: string } | { allBut: string | undefined },
  now: Date,
): Promise<string[]> {
  let query = db
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null);
  if ('only' in which) query = query.where('id', '=', which.only);
  else if (which.allBut !== undefined) query = query.where('id', '!=', which.allBut);
  const rows = await query.returning('id').execute();
  return rows.map((row) => row.id);
}

/** The user's sessions that stand, the one used last first. */
export async function listSessions(db: Db, identity: Identity, now: Date): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(['id', 'device', 'address', 'created_at', 'last_used_at', 'expires_at'])
    .where('user_id', '=', identity.userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    device: row.device,
    address: row.address,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    current: row.id === identity.sessionId,
  }));
}

/** 256 random bits: nothing to guess, so a fast hash is enough to store it by. */
function newToken(): string {
  return randomBytes(32).toString('base64url');
}

async function addRefreshToken(
  tx: Db,
  token: string,
  { sessionId, expiresAt }: { sessionId: string; expiresAt: Date },
  lifetimes: SessionLifetimes,
  now: Date,
): Promise<void> {
  const idleEnd = later(now, lifetimes.idle);
  const added = await tx
    .insertInto('refresh_tokens')
    .values({
      hash: hashed(token),
      session_id: sessionId,
      expires_at: idleEnd < expiresAt ? idleEnd : expiresAt,
      used_at: null,
      next_hash: null,
    })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .returning('session_id')
    .executeTakeFirst();
  if (added !== undefined) return;
  const msg = 'is not new: make one of 256 random bits for each refresh';
  throw invalidInput([{ loc: ['body', 'next_refresh_token'], msg, type: 'not_new' }]);
}

/** The session that goes on with the next token, where the one token was traded for the other and that is unused. */
async function findRepeated(tx: Db, hash: Buffer, next: string, now: Date): Promise<Opened | undefined> {
  const row = await tx
    .selectFrom('refresh_tokens as old')
    .innerJoin('refresh_tokens as next', 'next.hash', 'old.next_hash')
    .innerJoin('sessions', 'sessions.id', 'old.session_id')
    .select(['sessions.id', 'sessions.user_id'])
    .where('old.hash', '=', hash)
    .where('old.next_hash', '=', hashed(next))
    .where('next.used_at', 'is', null)
    .where('next.expires_at', '>', now)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', now)
    .executeTakeFirst();
  return row === undefined ? undefined : { sessionId: row.id, userId: row.user_id, refreshToken: next };
}

async function endByReuse(tx: Db, hash: Buffer, now: Date): Promise<Identity | undefined> {
  const ended = await tx
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('id', 'in', (query) => query.selectFrom('refresh_tokens').select('session_id').where('hash', '=', hash))
    .where('ended_at', 'is', null)
    .returning(['id', 'user_id'])
    .executeTakeFirst();
  return ended === undefined ? undefined : { sessionId: ended.id, userId: ended.user_id };
}

function refused(): ProblemError {
  return new ProblemError('invalid_refresh_token', 'This refresh token is not valid any more: sign in again.');
}

function hashed(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function later(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}

/** A header may hold anything but what PostgreSQL's text refuses. */
function storable(userAgent: string | undefined): string | null {
  return userAgent === undefined ? null : userAgent.replaceAll('\0', '').slice(0, DEVICE_LENGTH).toWellFormed();
}
