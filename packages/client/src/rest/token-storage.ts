import { Type, type Static } from 'typebox';

/** What one sign-in leaves on this device. */
export const StoredSession = Type.Object({
  user_id: Type.Integer(),
  access_token: Type.String(),
  /** When the access token ends, by this device's clock, in milliseconds since 1970. */
  expires_at: Type.Number(),
  refresh_token: Type.String(),
  /** What the refresh token is being traded for: a trade whose answer was lost is repeated with the same one. */
  next_refresh_token: Type.Optional(Type.String()),
});
export type StoredSession = Static<typeof StoredSession>;

/** Where the tokens are kept. What it gives back is checked before it is used. */
export interface TokenStorage {
  /** What was saved last; undefined or null for nothing. */
  load(): Promise<unknown>;
  /** Undefined: signed out, nothing is to be kept. */
  save(session: StoredSession | undefined): Promise<void>;
  /**
   * Runs an act while no other client with the same storage runs one (in browsers: Web Locks). Only needed where
   * several clients share a storage: a refresh token is for one use.
   */
  exclusively?<T>(act: () => Promise<T>): Promise<T>;
}

/** Keeps the tokens as long as the program runs. */
export function memoryTokens(): TokenStorage {
  let kept: StoredSession | undefined;
  return {
    load: async () => kept,
    async save(session) {
      kept = session;
    },
  };
}
