/** Pseudo-random numbers that depend only on a seed. */
export interface Random {
  readonly seed: number;
  /** Returns a number of at least 0 and below 1. */
  next(): number;
  /** Returns a whole number of at least 0 and below `end`. */
  below(end: number): number;
  pick<T>(list: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
}

/** Creates a random generator from the seed in `SEED`. @default - a new seed
 * Tests must print the seed, so that a failure can be repeated. */
export function random(seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)): Random {
  let state = seed;
  // Mulberry32: 32 bits of state, uniform enough for shuffling.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    seed,
    next,
    below,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
    shuffle(list) {
      const shuffled = [...list];
      for (let end = shuffled.length - 1; end > 0; end -= 1) {
        const other = below(end + 1);
        [shuffled[end], shuffled[other]] = [
          shuffled[other] as (typeof list)[number],
          shuffled[end] as (typeof list)[number],
        ];
      }
      return shuffled;
    },
  };
}
