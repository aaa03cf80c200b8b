import type { Random } from '../../packages/server/testing/random.ts';
import type { ChaosOptions } from '../options.ts';

/** One thing that goes wrong. */
export type Mishap =
  | { kind: 'kill a server'; number: number; downMs: number }
  | { kind: 'kill PostgreSQL' }
  | { kind: 'kill NATS'; downMs: number }
  | { kind: 'restart a server'; number: number }
  | { kind: 'cut a client' }
  | { kind: 'end a client' }
  | { kind: 'swallow a client'; forMs: number }
  | { kind: 'slow a client down'; forMs: number; byMs: number }
  | { kind: 'stop a reader'; forMs: number }
  | { kind: 'cut a server from PostgreSQL'; number: number }
  | { kind: 'swallow PostgreSQL for a server'; number: number; forMs: number }
  | { kind: 'swallow NATS for a server'; number: number; forMs: number };

export interface Planned {
  /** Milliseconds after the beginning. */
  at: number;
  mishap: Mishap;
}

/** The beginning is left in peace, for everyone to sign in. */
const PEACE_MS = 1500;

/** What goes wrong and when, by the seed: so many of each kind, at any moments of the run. */
export function planMishaps(options: ChaosOptions, random: Random): Planned[] {
  const lengthMs = options.minutes * 60_000;
  const anyServer = (): number => 1 + random.below(options.nodes);
  const harm = (): Mishap => {
    switch (random.below(9)) {
      case 0:
      case 1:
        return { kind: 'cut a client' };
      case 2:
        return { kind: 'end a client' };
      case 3:
        return { kind: 'swallow a client', forMs: 1000 + random.below(6000) };
      case 4:
        return { kind: 'slow a client down', forMs: 1000 + random.below(4000), byMs: 20 + random.below(200) };
      case 5:
        return { kind: 'stop a reader', forMs: 500 + random.below(6000) };
      case 6:
        return { kind: 'cut a server from PostgreSQL', number: anyServer() };
      case 7:
        return { kind: 'swallow PostgreSQL for a server', number: anyServer(), forMs: 500 + random.below(4000) };
      default:
        return { kind: 'swallow NATS for a server', number: anyServer(), forMs: 500 + random.below(5000) };
    }
  };
  const scattered = (count: number, make: () => Mishap): Planned[] =>
    Array.from({ length: count }, () => ({ at: PEACE_MS + random.below(lengthMs - PEACE_MS), mishap: make() }));
  const restarts = Array.from({ length: options.restarts }, (_, index): Planned => ({
    at: PEACE_MS + ((lengthMs - PEACE_MS) * index) / options.restarts,
    mishap: { kind: 'restart a server', number: 1 + (index % options.nodes) },
  }));
  return [
    ...restarts,
    ...scattered(options.kills, () => ({ kind: 'kill a server', number: anyServer(), downMs: random.below(1000) })),
    ...scattered(options.databaseKills, () => ({ kind: 'kill PostgreSQL' })),
    ...scattered(options.natsKills, () => ({ kind: 'kill NATS', downMs: 200 + random.below(3000) })),
    ...scattered(options.faults, harm),
  ].toSorted((a, b) => a.at - b.at);
}
