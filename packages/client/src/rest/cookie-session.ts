import { WebSession } from '@beseda/protocol/web.ts';
import { ApiError, clientError } from '../api-error.ts';
import type { Clock } from '../clock.ts';
import type { Ask } from './ask.ts';
import { Nothing } from './nothing.ts';
import type { Session } from './session.ts';

/** Renewed this long before it ends, so that it does not end on the way to the server. */
const RENEW_BEFORE_MS = 30_000;

/** Remembers on this device whose cookie the browser has, which scripts cannot see. What it gives back is checked. */
export interface WhoIsSignedIn {
  load(): unknown;
  save(userId: number | undefined): void;
}

/**
 * A session for pages that the server itself serves. The refresh token is in a cookie that no script can read, which
 * all tabs share; the access token is held in memory alone.
 */
export function cookieSession(who: WhoIsSignedIn): (ask: Ask, clock: Clock) => Session {
  function remembered(): number | undefined {
    const kept = who.load();
    return typeof kept === 'number' && Number.isSafeInteger(kept) && kept > 0 ? kept : undefined;
  }

  return (ask, clock) => {
    let token: { text: string; expiresAt: number } | undefined;
    let renewal: Promise<string> | undefined;

    function take({ user_id: userId, access_token: text, expires_in: seconds }: WebSession): number {
      token = { text, expiresAt: clock.now() + seconds * 1000 };
      who.save(userId);
      return userId;
    }

    async function renew(userId: number): Promise<string> {
      try {
        const session = await ask('POST', '/auth/web/token', { answer: WebSession });
        // Another tab has signed in as someone else: this one is not theirs.
        if (session.user_id !== userId) throw signedOut();
        take(session);
        return session.access_token;
      } catch (error) {
        if (!(error instanceof ApiError) || error.problem.status !== 401) throw error;
        token = undefined;
        if (remembered() === userId) who.save(undefined);
        throw signedOut(error);
      }
    }

    return {
      userId: async () => remembered(),
      signIn: async (username, password) =>
        take(await ask('POST', '/auth/web/session', { answer: WebSession, json: { username, password } })),
      async accessToken(refused) {
        const userId = remembered();
        if (userId === undefined) throw signedOut();
        if (token !== undefined && token.text !== refused && token.expiresAt - clock.now() > RENEW_BEFORE_MS) {
          return token.text;
        }
        renewal ??= renew(userId).finally(() => {
          renewal = undefined;
        });
        return renewal;
      },
      async forget() {
        token = undefined;
        who.save(undefined);
        // Where the server cannot be reached the cookie stays, and nobody here asks for it any more.
        await ask('DELETE', '/auth/web/session', { answer: Nothing }).catch(() => undefined);
      },
    };
  };
}

function signedOut(cause?: unknown): ApiError {
  return clientError('signed_out', 'Nobody is signed in in this browser, or the session has ended: sign in.', cause);
}
