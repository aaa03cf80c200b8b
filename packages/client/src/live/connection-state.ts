/** Where the live connection stands. */
export type ConnectionState =
  /** Not begun, stopped, or refused by the server for a reason that trying again does not change. */
  | { name: 'offline'; reason?: string }
  | { name: 'connecting' }
  | { name: 'signing in' }
  /** The server tells what was missed. */
  | { name: 'syncing' }
  | { name: 'live' }
  /** Cut off; the next try is at `until`, in milliseconds since 1970. */
  | { name: 'waiting'; until: number }
  /** The session has ended, or there is none: a person has to sign in. */
  | { name: 'signed out' };
