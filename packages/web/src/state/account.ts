import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';
import type { Register } from '@beseda/protocol/users.ts';
import { settable, type Watched } from './watched.ts';

/** Whether someone is signed in on this page, and who. */
export type AccountState =
  | { name: 'starting' }
  /** @property ended whether there was a session that is over now. */
  | { name: 'signed out'; ended: boolean }
  | { name: 'signed in'; userId: number };

export interface Account extends Watched<AccountState> {
  /** Takes up the session that the browser has, if it has one. */
  start(): Promise<void>;
  /** @throws ApiError */
  signIn(username: string, password: string): Promise<void>;
  /** Makes an account and signs in with it. @throws ApiError */
  register(input: Register): Promise<void>;
  /** Ends the session, and leaves nothing of it in this browser. */
  signOut(): Promise<void>;
  /** Ends all sessions of the user, this one last. @throws ApiError where the others could not be ended. */
  signOutEverywhere(): Promise<void>;
}

/**
 * @param clear takes away all that this browser keeps of the user.
 * @param ended the session was ended elsewhere: takes away what can be read again.
 */
export function createAccount(
  client: Pick<Client, 'api' | 'userId' | 'state' | 'onState' | 'signIn' | 'signOut' | 'start'>,
  clear: () => Promise<void>,
  ended: () => Promise<void>,
): Account {
  const state = settable<AccountState>({ name: 'starting' });

  client.onState(({ name }) => {
    if (name !== 'signed out' || state.get().name !== 'signed in') return;
    state.set({ name: 'signed out', ended: true });
    void ended();
  });

  async function signIn(username: string, password: string): Promise<void> {
    await client.signIn(username, password);
    await client.start();
    state.set({ name: 'signed in', userId: client.userId });
  }

  async function signOut(): Promise<void> {
    state.set({ name: 'signed out', ended: false });
    try {
      await client.signOut();
    } catch (error) {
      // Here it is over, whether or not the server could be told.
      if (!(error instanceof ApiError)) throw error;
    } finally {
      await clear();
    }
  }

  return {
    get: state.get,
    watch: state.watch,
    async start() {
      await client.start();
      const { userId } = client;
      state.set(userId === 0 ? { name: 'signed out', ended: false } : { name: 'signed in', userId });
    },
    signIn,
    async register(input) {
      await client.api.account.register(input);
      await signIn(input.username, input.password);
    },
    signOut,
    async signOutEverywhere() {
      await client.api.account.endOtherSessions();
      await signOut();
    },
  };
}
