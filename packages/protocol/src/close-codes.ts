/**
 * Why the server closes a socket. `reconnect` says what a client does next: `backoff` (come back after a growing,
 * random delay), `sign_in` (get a new session first), `no` (the same attempt cannot succeed).
 */
export const closeCodes = {
  going_away: { code: 1001, reason: 'going away', reconnect: 'backoff' },
  forbidden: { code: 1008, reason: 'not your chat, or not a valid token', reconnect: 'no' },
  too_big: { code: 1009, reason: 'frame too big', reconnect: 'no' },
  not_authenticated: { code: 4401, reason: 'no longer authenticated', reconnect: 'sign_in' },
  unavailable: { code: 4503, reason: 'the server cannot serve this now', reconnect: 'backoff' },
  too_much: { code: 4429, reason: 'too many frames or sockets', reconnect: 'backoff' },
  too_slow: { code: 4408, reason: 'too slow', reconnect: 'backoff' },
} as const satisfies Record<string, { code: number; reason: string; reconnect: 'backoff' | 'sign_in' | 'no' }>;

/** A stable name of the reason for which a socket is closed. */
export type CloseReason = keyof typeof closeCodes;
