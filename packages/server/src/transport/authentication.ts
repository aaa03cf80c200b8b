import type { Identity } from '../domain/access-tokens.ts';
import type { Admission } from '../domain/admission.ts';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../domain/problem.ts';
import type { Context } from './context.ts';

/** Who a token speaks for, or undefined where it is not valid or its session has ended. */
export async function identify(context: Context, token: string): Promise<Identity | undefined> {
  return (await admitted(context, token, undefined))?.identity;
}

/** {@link identify}, with what is known of a chat of theirs at the same time. */
async function admitted(
  context: Context,
  token: string,
  chatId: number | undefined,
): Promise<(Pick<Admission, 'chatState'> & { identity: Identity }) | undefined> {
  const identity = await context.accessTokens.verify(token);
  if (identity === undefined) return undefined;
  const { stands, chatState } = await context.admit({ identity, chatId });
  return stands ? { identity, chatState } : undefined;
}

/** Lets only those with a valid access token past, before anything of their input is looked at. */
export function requireIdentity(app: FastifyInstance, context: Context): void {
  app.addHook('onRequest', async (request) => {
    const token = /^bearer ([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ProblemError('not_authenticated', 'An access token is needed: Authorization: Bearer <token>.');
    }
    const chatId = request.routeOptions.config.chatState === true ? chatIdIn(request.params) : undefined;
    const asking = await admitted(context, token, chatId);
    if (asking === undefined) {
      throw new ProblemError('not_authenticated', 'The access token is not valid or has expired: get a new one.');
    }
    request.identity = asking.identity;
    request.chatState = asking.chatState;
  });
}

/** The chat of an address that is not checked yet; undefined where it is not plainly one. */
function chatIdIn(params: unknown): number | undefined {
  if (typeof params !== 'object' || params === null || !('chat_id' in params)) return undefined;
  const id = params.chat_id;
  // As far as numbers of fifteen digits go, there is no other that is written so.
  return typeof id === 'string' && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}
