import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.ts';
import { ProblemError } from '../domain/problem.ts';

/** How many attempts at once, and over how many seconds all of them come back. */
export interface Allowance {
  attempts: number;
  seconds: number;
}

/** Counts attempts by key. */
export interface Throttle {
  /** @throws ProblemError `too_many_requests` when the key has used up its allowance. */
  check(key: string): void;
  /** Takes one from the key's allowance. */
  spend(key: string): void;
  /** Gives one back that was taken for an attempt that turned out not to count. */
  giveBack(key: string): void;
}

/** What guards the doors where passwords are tried. */
export interface Throttles {
  registration: Throttle;
  /** Wrong passwords by account and address: stops guessing from one place. */
  loginByPlace: Throttle;
  /** Wrong passwords by account: stops guessing from many places; wide, since it also holds up its owner there. */
  loginByAccount: Throttle;
  /** Wrong passwords by address: stops trying one password on many accounts. */
  loginByAddress: Throttle;
}

/** Keys remembered at once; past it the one longest untouched is forgotten. */
const MAX_KEYS = 100_000;

/** A token bucket for each key. */
export function createThrottle({ attempts, seconds }: Allowance, clock: Clock): Throttle {
  const buckets = new Map<string, { left: number; at: number }>();
  const perMs = attempts / (seconds * 1000);

  function refilled(key: string): { left: number; at: number } {
    const now = clock.now().getTime();
    const bucket = buckets.get(key);
    if (bucket === undefined) return { left: attempts, at: now };
    // A clock that was set back must not lock anyone out.
    const passed = Math.max(0, now - bucket.at);
    return { left: Math.min(attempts, bucket.left + passed * perMs), at: now };
  }

  return {
    check(key) {
      const { left } = refilled(key);
      if (left >= 1) return;
      const retryAfter = Math.ceil((1 - left) / perMs / 1000);
      throw new ProblemError('too_many_requests', `Too many attempts: try again in ${retryAfter} s.`, { retryAfter });
    },

    spend(key) {
      const bucket = refilled(key);
      // Deleted first, so that the map stays in the order of use.
      buckets.delete(key);
      buckets.set(key, { left: Math.max(0, bucket.left - 1), at: bucket.at });
      if (buckets.size <= MAX_KEYS) return;
      const oldest = buckets.keys().next();
      if (oldest.done !== true) buckets.delete(oldest.value);
    },

    giveBack(key) {
      const bucket = refilled(key);
      if (buckets.has(key)) buckets.set(key, { left: Math.min(attempts, bucket.left + 1), at: bucket.at });
    },
  };
}

const UNLIMITED: Throttle = { check: () => {}, spend: () => {}, giveBack: () => {} };

export function createThrottles(enabled: boolean, clock: Clock): Throttles {
  const throttle = (allowance: Allowance): Throttle => (enabled ? createThrottle(allowance, clock) : UNLIMITED);
  return {
    registration: throttle({ attempts: 30, seconds: 3600 }),
    loginByPlace: throttle({ attempts: 10, seconds: 900 }),
    loginByAccount: throttle({ attempts: 100, seconds: 3600 }),
    loginByAddress: throttle({ attempts: 100, seconds: 900 }),
  };
}

/** An address as one client has it: of IPv6 the first 64 bits, since each client has all of the rest to choose from. */
export function addressKey(address: string): string {
  // What a socket for both kinds calls an IPv4 address: all of those share their first 64 bits.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail?.split(':').filter((group) => group !== '') ?? [];
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
