import { ChangePassword, Sessions } from '@beseda/protocol/auth.ts';
import { SessionId } from '@beseda/protocol/scalars.ts';
import { Type } from 'typebox';
import { changePassword } from '../../domain/accounts.ts';
import { ProblemError } from '../../domain/problem.ts';
import { endSessions, listSessions } from '../../domain/sessions.ts';
import { answers, noContent, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

/** `POST /auth/logout`, `POST /auth/password`, `GET|DELETE /auth/sessions`, `DELETE /auth/sessions/{session_id}` */
export function sessionRoutes(api: Api, context: Context): void {
  const end = async (userId: number, which: { only: string } | { allBut: string | undefined }): Promise<number> => {
    const ended = await endSessions(context.db, userId, which, context.clock.now());
    await context.endSessions(ended);
    return ended.length;
  };

  api.post(
    '/auth/logout',
    {
      schema: {
        tags: ['auth'],
        operationId: 'signOut',
        summary: 'Sign out',
        description: 'Ends the session of this request: its tokens are worth nothing from now on, its sockets close.',
        response: answers({ 204: noContent('Signed out.') }, [], 'none'),
      },
    },
    async ({ identity }, reply) => {
      await end(identity.userId, { only: identity.sessionId });
      return reply.code(204).send();
    },
  );

  api.post(
    '/auth/password',
    {
      schema: {
        tags: ['auth'],
        operationId: 'changePassword',
        summary: 'Change the password',
        description: 'Every other session of the user ends.',
        body: ChangePassword,
        response: answers({ 204: noContent('Changed.') }, ['wrong_credentials', 'too_many_requests'], 'body'),
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = request.identity;
      const throttle = context.throttles.loginByPlace;
      throttle.check(`password ${userId}`);
      throttle.spend(`password ${userId}`);
      const now = context.clock.now();
      // In one transaction: no session of the old password outlives it.
      const ended = await context.db.transaction().execute(async (tx) => {
        await changePassword(tx, userId, request.body, context.passwordRules);
        return endSessions(tx, userId, { allBut: sessionId }, now);
      });
      await context.endSessions(ended);
      throttle.giveBack(`password ${userId}`);
      return reply.code(204).send();
    },
  );

  api.get(
    '/auth/sessions',
    {
      schema: {
        tags: ['auth'],
        operationId: 'listSessions',
        summary: 'List my sessions',
        description: 'Where the user is signed in, the session used last first.',
        response: answers({ 200: told('The sessions.', Sessions) }, [], 'none'),
      },
    },
    async ({ identity }): Promise<Sessions> => ({
      sessions: await listSessions(context.db, identity, context.clock.now()),
    }),
  );

  api.delete(
    '/auth/sessions',
    {
      schema: {
        tags: ['auth'],
        operationId: 'endOtherSessions',
        summary: 'Sign out everywhere else',
        description: 'Ends all sessions of the user but the one of this request.',
        response: answers({ 204: noContent('Ended.') }, [], 'none'),
      },
    },
    async ({ identity }, reply) => {
      await end(identity.userId, { allBut: identity.sessionId });
      return reply.code(204).send();
    },
  );

  api.delete(
    '/auth/sessions/:session_id',
    {
      schema: {
        tags: ['auth'],
        operationId: 'endSession',
        summary: 'End one of my sessions',
        description: 'Its tokens are worth nothing from now on, and its sockets close.',
        params: Type.Object({ session_id: SessionId }),
        response: answers({ 204: noContent('Ended.') }, ['session_not_found']),
      },
    },
    async ({ identity, params }, reply) => {
      if ((await end(identity.userId, { only: params.session_id })) === 0) throw new ProblemError('session_not_found');
      return reply.code(204).send();
    },
  );
}
