import { TokenRequest, Tokens } from '@beseda/protocol/auth.ts';
import type { InputError } from '@beseda/protocol/errors.ts';
import type { FastifyRequest } from 'fastify';
import { findByCredentials } from '../../domain/accounts.ts';
import { invalidInput, ProblemError } from '../../domain/problem.ts';
import { openSession, refreshSession, type Opened } from '../../domain/sessions.ts';
import { foldedKey } from '../../domain/text.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { addressKey } from '../throttle.ts';

/** `POST /auth/token` */
export function tokenRoutes(api: Api, context: Context): void {
  api.post(
    '/auth/token',
    {
      schema: {
        tags: ['auth'],
        security: [],
        operationId: 'createToken',
        summary: 'Sign in, or refresh',
        description:
          'OAuth 2: `grant_type=password` with `username` and `password` begins a session, ' +
          '`grant_type=refresh_token` with `refresh_token` continues it. As a form or as JSON.',
        consumes: ['application/x-www-form-urlencoded', 'application/json'],
        body: TokenRequest,
        response: answers(
          { 200: told('The tokens of the session.', Tokens) },
          ['wrong_credentials', 'invalid_refresh_token', 'too_many_requests'],
          'body',
          'anyone',
        ),
      },
    },
    async (request, reply): Promise<Tokens> => {
      void reply.header('cache-control', 'no-store');
      return tokens(context, await (isRefresh(request.body) ? refresh : signIn)(context, request));
    },
  );
}

type TokenCall = FastifyRequest<{ Body: TokenRequest }>;

function isRefresh(body: TokenRequest): boolean {
  return body.grant_type === 'refresh_token';
}

async function signIn(context: Context, request: TokenCall): Promise<Opened> {
  const { throttles, clock } = context;
  const { username, password } = required(request.body, ['username', 'password']);
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

async function refresh(context: Context, request: TokenCall): Promise<Opened> {
  const { refresh_token } = required(request.body, ['refresh_token']);
  const outcome = await refreshSession(context.db, refresh_token, context.lifetimes, context.clock.now());
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

async function tokens(context: Context, opened: Opened): Promise<Tokens> {
  return {
    access_token: await context.accessTokens.issue(opened),
    token_type: 'bearer',
    expires_in: context.accessTokens.lifetime,
    refresh_token: opened.refreshToken,
  };
}

function required<N extends 'username' | 'password' | 'refresh_token'>(
  body: TokenRequest,
  names: readonly N[],
): Record<N, string> {
  const missing = names.filter((name) => (body[name] ?? '') === '');
  if (missing.length > 0) {
    throw invalidInput(
      missing.map((name): InputError => ({ loc: ['body', name], msg: 'is required', type: 'required' })),
    );
  }
  return Object.fromEntries(names.map((name) => [name, body[name] ?? ''])) as Record<N, string>;
}
