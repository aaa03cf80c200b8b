import type { FastifyRequest } from 'fastify';
import { findByCredentials } from '../domain/accounts.ts';
import { ProblemError } from '../domain/problem.ts';
import { openSession, refreshSession, type Opened, type Refreshing } from '../domain/sessions.ts';
import { foldedKey } from '../domain/text.ts';
import type { Context } from './context.ts';
import { addressKey } from './throttle.ts';

/** What of a request matters to who signs in with it. */
type Asked = Pick<FastifyRequest, 'ip' | 'headers' | 'log'>;

/**
 * Begins a session by a password, as often as the throttles allow.
 *
 * @throws ProblemError `wrong_credentials`, `too_many_requests`
 */
export async function signIn(
  context: Context,
  request: Asked,
  { username, password }: { username: string; password: string },
): Promise<Opened> {
  const { throttles, clock } = context;
  const account = foldedKey(username.trim());
  const address = addressKey(request.ip);
  const guards = [
    [throttles.loginByPlace, `${account} ${address}`],
    [throttles.loginByAccount, account],
    [throttles.loginByAddress, address],
  ] as const;
  for (const [throttle, key] of guards) throttle.check(key);
  // Taken before the password is looked at, and given back where it was right: guesses made at once count too.
  for (const [throttle, key] of guards) throttle.spend(key);
  let wrong = false;
  let userId: number | undefined;
  try {
    userId = await findByCredentials(context.db, username, password);
    wrong = userId === undefined;
  } finally {
    if (!wrong) for (const [throttle, key] of guards) throttle.giveBack(key);
  }
  if (userId === undefined) {
    request.log.warn({ event: 'wrong_credentials', address: request.ip }, 'wrong credentials');
    throw new ProblemError('wrong_credentials', 'The username or the password is not right.');
  }
  const device = { userAgent: request.headers['user-agent'], address: request.ip };
  const opened = await openSession(context.db, userId, device, context.lifetimes, clock.now());
  request.log.info({ event: 'signed_in', user: userId, session: opened.sessionId, address: request.ip }, 'signed in');
  return opened;
}

/**
 * Goes on with a session. One whose refresh token is used twice is ended.
 *
 * @throws ProblemError `invalid_refresh_token`; `invalid_input` for a next token that is not new.
 */
export async function refresh(
  context: Context,
  request: Asked,
  token: string,
  refreshing: Refreshing = {},
): Promise<Opened> {
  const outcome = await refreshSession(context.db, token, context.lifetimes, context.clock.now(), refreshing);
  if ('opened' in outcome) return outcome.opened;
  if (outcome.ended !== undefined) {
    await context.endSessions([outcome.ended.sessionId]);
    request.log.warn(
      {
        event: 'refresh_token_reused',
        user: outcome.ended.userId,
        session: outcome.ended.sessionId,
        address: request.ip,
      },
      'a refresh token was used twice: its session is ended',
    );
  }
  throw outcome.problem;
}
