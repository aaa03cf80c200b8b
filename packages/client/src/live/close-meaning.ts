import { closeCodes } from '@beseda/protocol/close-codes.ts';

/** What a client does after its socket was closed. */
export type Reconnect = (typeof closeCodes)[keyof typeof closeCodes]['reconnect'];

/** What a close code asks for. Codes of the network itself and of newer servers: come back after a while. */
export function meaningOf(code: number): Reconnect {
  return Object.values(closeCodes).find((entry) => entry.code === code)?.reconnect ?? 'backoff';
}
