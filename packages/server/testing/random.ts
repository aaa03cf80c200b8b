/** Chance that can be had again: the same seed gives the same choices. */
export interface Random {
  /** How to have the same again, for messages. */
  told: string;
  /** A whole number from 0 up to but not including `bound`. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  bytes(length: number): Buffer;
  /** Letters. */
  word(length: number): string;
  /** UTF-16 units from all over, unpaired surrogates included. */
  text(length: number): string;
  uuid(): string;
}

/** @param setting the environment variable that sets the seed; without it each run has one of its own. */
export function createRandom(setting: string): Random {
  const seed = Number(process.env[setting] ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;
  return seededRandom(seed, `${setting}=${seed}`);
}

/** @param told how to have the same again. */
export function seededRandom(seed: number, told: string): Random {
  let state = seed >>> 0;
  // Mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    told,
    below,
    chance: (probability) => next() < probability,
    pick: <T>(values: readonly T[]): T => {
      if (values.length === 0) throw new RangeError('nothing to pick from');
      // The index is below the length.
      return values[below(values.length)] as T;
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    word: (length) => units(length, () => 97 + below(26)),
    text: (length) => units(length, () => (next() < 0.5 ? below(128) : below(65_536))),
    uuid: () => {
      const hex = Array.from({ length: 32 }, () => below(16).toString(16)).join('');
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    },
  };
}

function units(length: number, unit: () => number): string {
  return String.fromCharCode(...Array.from({ length }, unit));
}
