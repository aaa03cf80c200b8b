import type { Identity } from '../domain/access-tokens.ts';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../domain/problem.ts';
import { sessionStands } from '../domain/sessions.ts';
import type { Context } from './context.ts';

/** Who a token speaks for, or undefined where it is not valid or its session has ended. */
export async function identify(context: Context, token: string): Promise<Identity | undefined> {
  const identity = await context.accessTokens.verify(token);
  if (identity === undefined) return undefined;
  return (await sessionStands(context.db, identity, context.clock.now())) ? identity : undefined;
}

/** Lets only those with a valid access token past, before anything of their input is looked at. */
export function requireIdentity(app: FastifyInstance, context: Context): void {
  app.addHook('onRequest', async (request) => {
    const token = /^bearer ([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ProblemError('not_authenticated', 'An access token is needed: Authorization: Bearer <token>.');
    }
    const identity = await identify(context, token);
    if (identity === undefined) {
      throw new ProblemError('not_authenticated', 'The access token is not valid or has expired: get a new one.');
    }
    request.identity = identity;
  });
}
