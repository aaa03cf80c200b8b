import { Tokens } from '@beseda/protocol/auth.ts';
import { Account } from '@beseda/protocol/users.ts';
import { ApiError, clientError } from '../api-error.ts';
import type { Clock } from '../clock.ts';
import { fits } from '../parse.ts';
import type { Ask } from './ask.ts';
import { newRefreshToken } from './new-refresh-token.ts';
import { StoredSession, type TokenStorage } from './token-storage.ts';

/** Renewed this long before it ends, so that it does not end on the way to the server. */
const RENEW_BEFORE_MS = 30_000;

/** One sign-in, and the tokens that it is used with. */
export interface Session {
  /** The user who is signed in; undefined: nobody is. */
  userId(): Promise<number | undefined>;
  /** @throws ApiError `wrong_credentials`, `too_many_requests` … */
  signIn(username: string, password: string): Promise<number>;
  /**
   * An access token that is valid, renewed where needed; calls at once share one renewal.
   *
   * @param refused a token that the server refused, though it should be valid: it is not given again.
   * @throws ApiError `signed_out` where nobody is signed in, or the session has ended; others where the server cannot
   * tell just now.
   */
  accessToken(refused?: string): Promise<string>;
  /** Forgets the tokens. */
  forget(): Promise<void>;
}

export function createSession(ask: Ask, storage: TokenStorage, clock: Clock): Session {
  let renewal: Promise<string> | undefined;
  let loaded: Promise<StoredSession | undefined> | undefined;

  async function load(): Promise<StoredSession | undefined> {
    const kept = await storage.load();
    return fits(StoredSession, kept) ? kept : undefined;
  }

  async function stored(): Promise<StoredSession | undefined> {
    return (loaded ??= load());
  }

  async function save(session: StoredSession | undefined): Promise<void> {
    loaded = Promise.resolve(session);
    await storage.save(session);
  }

  function asStored(userId: number, tokens: Tokens): StoredSession {
    return {
      user_id: userId,
      access_token: tokens.access_token,
      expires_at: clock.now() + tokens.expires_in * 1000,
      refresh_token: tokens.refresh_token,
    };
  }

  function usable(session: StoredSession, refused: string | undefined): boolean {
    return session.access_token !== refused && session.expires_at - clock.now() > RENEW_BEFORE_MS;
  }

  async function renew(refused: string | undefined): Promise<string> {
    // Another client with the same storage may have renewed it.
    loaded = undefined;
    const session = await stored();
    if (session === undefined) throw signedOut();
    if (usable(session, refused)) return session.access_token;
    const { refresh_token, next_refresh_token = newRefreshToken() } = session;
    // Kept before it is asked for: should the answer be lost, or this program end, the same is asked for again.
    if (session.next_refresh_token === undefined) await save({ ...session, next_refresh_token });
    try {
      const tokens = await ask('POST', '/auth/token', {
        answer: Tokens,
        json: { grant_type: 'refresh_token', refresh_token, next_refresh_token },
      });
      await save(asStored(session.user_id, tokens));
      return tokens.access_token;
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 401) throw error;
      await save(undefined);
      throw signedOut(error);
    }
  }

  async function renewOnce(refused: string | undefined): Promise<string> {
    const exclusively = storage.exclusively?.bind(storage);
    const act = async (): Promise<string> => renew(refused);
    renewal ??= (exclusively === undefined ? act() : exclusively(act)).finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  return {
    userId: async () => (await stored())?.user_id,
    async signIn(username, password) {
      const tokens = await ask('POST', '/auth/token', { answer: Tokens, json: { username, password } });
      const { id } = await ask('GET', '/users/me', { answer: Account, token: tokens.access_token });
      await save(asStored(id, tokens));
      return id;
    },
    async accessToken(refused) {
      const session = await stored();
      if (session === undefined) throw signedOut();
      return usable(session, refused) ? session.access_token : renewOnce(refused);
    },
    forget: async () => save(undefined),
  };
}

function signedOut(cause?: unknown): ApiError {
  return clientError('signed_out', 'Nobody is signed in on this device, or the session has ended: sign in.', cause);
}
