import { ARRIVING_SOCKETS, USER_SOCKETS } from '@beseda/protocol/limits.ts';
import { ProblemError } from '../domain/problem.ts';
import type { ServedSocket } from './served-socket.ts';

/** Places of which each key has so many. */
export interface Places<Key> {
  /** Whether there was one left, which is then taken. */
  take(key: Key): boolean;
  giveBack(key: Key): void;
}

/** What sockets may take up. */
export interface SocketPlaces {
  /** Of addresses: for sockets of which nobody knows yet whose they are. */
  arriving: Places<string>;
  /** Of users, by id. */
  users: Places<number>;
}

export function createPlaces<Key>(max: number): Places<Key> {
  const taken = new Map<Key, number>();
  return {
    take(key) {
      const count = taken.get(key) ?? 0;
      if (count >= max) return false;
      taken.set(key, count + 1);
      return true;
    },
    giveBack(key) {
      const count = taken.get(key) ?? 0;
      if (count > 1) taken.set(key, count - 1);
      else taken.delete(key);
    },
  };
}

const UNLIMITED = { take: () => true, giveBack: () => {} };

export function createSocketPlaces(enabled: boolean): SocketPlaces {
  if (!enabled) return { arriving: UNLIMITED, users: UNLIMITED };
  return { arriving: createPlaces(ARRIVING_SOCKETS.max), users: createPlaces(USER_SOCKETS.max) };
}

/**
 * Gives a socket, which has not closed yet, one of its user's places until it does.
 *
 * @throws ProblemError `rate_limited` when the user has no place left.
 */
export function seat(places: SocketPlaces, socket: ServedSocket, userId: number): void {
  leave(places, socket);
  if (!places.users.take(userId)) {
    throw new ProblemError(
      'rate_limited',
      `You have ${USER_SOCKETS.max} sockets open already: close one, or come back later.`,
      { retryAfter: 60 },
    );
  }
  socket.seatedAs = userId;
}

/** Gives back what the socket takes up. */
export function leave(places: SocketPlaces, socket: ServedSocket): void {
  if (socket.arrivedFrom !== undefined) places.arriving.giveBack(socket.arrivedFrom);
  if (socket.seatedAs !== undefined) places.users.giveBack(socket.seatedAs);
  socket.arrivedFrom = undefined;
  socket.seatedAs = undefined;
}
