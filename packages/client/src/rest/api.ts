import type { Static, TSchema } from 'typebox';
import { ApiError } from '../api-error.ts';
import { accountCalls } from './account-calls.ts';
import type { Ask, Asking, Method } from './ask.ts';
import { chatCalls } from './chat-calls.ts';
import { fileCalls } from './file-calls.ts';
import { groupCalls } from './group-calls.ts';
import { messageCalls } from './message-calls.ts';
import type { Session } from './session.ts';

/** A request as the user who is signed in. */
export type Call = <S extends TSchema>(
  method: Method,
  path: string,
  asking: Omit<Asking<S>, 'token'>,
) => Promise<Static<S>>;

/**
 * Every endpoint of the server, by subject. All reject with an `ApiError`; what each answers and refuses is in the
 * server's `/docs`.
 */
export type Api = ReturnType<typeof createApi>;

export function createApi(ask: Ask, session: Session) {
  const call: Call = async (method, path, asking) => {
    const token = await session.accessToken();
    try {
      return await ask(method, path, { ...asking, token });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'not_authenticated') throw error;
      return ask(method, path, { ...asking, token: await session.accessToken(token) });
    }
  };
  return {
    account: accountCalls(ask, call),
    chats: chatCalls(call),
    files: fileCalls(call),
    groups: groupCalls(call),
    messages: messageCalls(call),
  };
}
