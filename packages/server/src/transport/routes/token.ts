import { TokenRequest, Tokens } from '@beseda/protocol/auth.ts';
import type { InputError } from '@beseda/protocol/errors.ts';
import { invalidInput } from '../../domain/problem.ts';
import type { Opened } from '../../domain/sessions.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { refresh, signIn } from '../signing-in.ts';

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
          '`grant_type=refresh_token` with `refresh_token` continues it; with `next_refresh_token` too, a request whose ' +
          'answer was lost may be repeated. As a form or as JSON.',
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
      const { body } = request;
      const opened = isRefresh(body)
        ? await refresh(context, request, required(body, ['refresh_token']).refresh_token, {
            next: body.next_refresh_token,
          })
        : await signIn(context, request, required(body, ['username', 'password']));
      return tokens(context, opened);
    },
  );
}

function isRefresh(body: TokenRequest): boolean {
  return body.grant_type === 'refresh_token';
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
