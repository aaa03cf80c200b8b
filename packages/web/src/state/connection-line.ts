import type { Client } from '@beseda/client/client.ts';
import type { Clock } from '@beseda/client/clock.ts';
import type { ConnectionState } from '@beseda/client/live/connection-state.ts';
import { settable, type Watched } from './watched.ts';

/** What the line about the connection says; `quiet`: nothing. */
export type ConnectionLine = 'quiet' | 'connecting' | 'offline';

/** A connection that is back by then was never missed, in milliseconds. */
const PATIENCE_MS = 1500;

export function createConnectionLine(client: Pick<Client, 'state' | 'onState'>, clock: Clock): Watched<ConnectionLine> {
  const line = settable<ConnectionLine>('quiet');
  let callOff: (() => void) | undefined;
  const follow = (state: ConnectionState): void => {
    const next = lineOf(state);
    if (next === 'quiet' || line.get() !== 'quiet') {
      callOff?.();
      callOff = undefined;
      line.set(next);
      return;
    }
    callOff ??= clock.after(PATIENCE_MS, () => {
      callOff = undefined;
      line.set(lineOf(client.state));
    });
  };
  client.onState(follow);
  follow(client.state);
  return { get: line.get, watch: line.watch };
}

function lineOf(state: ConnectionState): ConnectionLine {
  switch (state.name) {
    case 'live':
    case 'signed out':
      return 'quiet';
    case 'connecting':
    case 'signing in':
    case 'syncing':
      return 'connecting';
    case 'waiting':
    case 'offline':
      return 'offline';
  }
}
