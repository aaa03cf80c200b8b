import { WebSession, WebSignIn } from '@beseda/protocol/web.ts';
import { ProblemError } from '../../domain/problem.ts';
import { endSessions, type Opened } from '../../domain/sessions.ts';
import { answers, noContent, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { cookieOf, requireOwnPage, sessionCookie } from '../session-cookie.ts';
import { refresh, signIn } from '../signing-in.ts';

/** For so long after its first use a cookie is taken again, in seconds: tabs that wake together, an answer lost. */
const TOLERANCE_S = 60;

const ONLY_PAGES = 'For pages of this server alone: the browser must name it as the origin.';

/** `POST|DELETE /auth/web/session`, `POST /auth/web/token`: sessions of the web client, kept in a cookie. */
export function webSessionRoutes(api: Api, context: Context): void {
  // What reads a cookie answers no other origin (HT7).
  const config = { cors: false } as const;

  const session = async (opened: Opened): Promise<WebSession> => ({
    user_id: opened.userId,
    access_token: await context.accessTokens.issue(opened),
    token_type: 'bearer',
    expires_in: context.accessTokens.lifetime,
  });

  api.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });

  api.post(
    '/auth/web/session',
    {
      config,
      schema: {
        tags: ['auth'],
        security: [],
        operationId: 'signInOnPage',
        summary: 'Sign in on a page',
        description: `Begins a session whose refresh token is kept in a cookie that no script can read. ${ONLY_PAGES}`,
        body: WebSignIn,
        response: answers(
          { 200: told('The session; its cookie is set.', WebSession) },
          ['wrong_credentials', 'foreign_origin', 'too_many_requests'],
          'body',
          'anyone',
        ),
      },
    },
    async (request, reply): Promise<WebSession> => {
      const page = requireOwnPage(request);
      const opened = await signIn(context, request, request.body);
      void reply.header('set-cookie', sessionCookie(page, opened.refreshToken, context.lifetimes.idle));
      return session(opened);
    },
  );

  api.post(
    '/auth/web/token',
    {
      config,
      schema: {
        tags: ['auth'],
        security: [],
        operationId: 'refreshOnPage',
        summary: 'Go on with the session of a page',
        description: `Renews the access token by the cookie, and the cookie itself. ${ONLY_PAGES}`,
        response: answers(
          { 200: told('The session; its cookie is renewed.', WebSession) },
          ['invalid_refresh_token', 'foreign_origin'],
          'none',
          'anyone',
        ),
      },
    },
    async (request, reply): Promise<WebSession> => {
      const page = requireOwnPage(request);
      const token = cookieOf(request.headers.cookie, page.cookie);
      if (token === undefined) throw new ProblemError('invalid_refresh_token', 'Nobody is signed in in this browser.');
      const opened = await refresh(context, request, token, { toleranceS: TOLERANCE_S }).catch((error: unknown) => {
        if (error instanceof ProblemError) void reply.header('set-cookie', sessionCookie(page, '', 0));
        throw error;
      });
      void reply.header('set-cookie', sessionCookie(page, opened.refreshToken, context.lifetimes.idle));
      return session(opened);
    },
  );

  api.delete(
    '/auth/web/session',
    {
      config,
      schema: {
        tags: ['auth'],
        security: [],
        operationId: 'signOutOnPage',
        summary: 'Sign out on a page',
        description: `Ends the session of the cookie, if there is one, and takes the cookie away. ${ONLY_PAGES}`,
        response: answers({ 204: noContent('Signed out.') }, ['foreign_origin'], 'none', 'anyone'),
      },
    },
    async (request, reply) => {
      const page = requireOwnPage(request);
      const token = cookieOf(request.headers.cookie, page.cookie);
      void reply.header('set-cookie', sessionCookie(page, '', 0));
      if (token !== undefined) {
        const opened = await refresh(context, request, token, { toleranceS: TOLERANCE_S }).catch((error: unknown) => {
          // The session is over already: all that was asked for.
          if (error instanceof ProblemError && error.code === 'invalid_refresh_token') return undefined;
          throw error;
        });
        if (opened !== undefined) {
          await context.endSessions(
            await endSessions(context.db, opened.userId, { only: opened.sessionId }, context.clock.now()),
          );
        }
      }
      return reply.code(204).send();
    },
  );
}
