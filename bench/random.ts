/** Numbers from 0 up to but not including 1, the same ones for the same seed: what a run does can be repeated. */
export function randomFrom(seed: number): () => number {
  // mulberry32: 32 bits of state, good enough to spread senders and waits.
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
