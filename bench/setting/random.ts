/** A source of random numbers. Two sources with the same seed return the same numbers. */
export interface Random {
  /** Returns a number of at least 0 and less than 1. */
  next(): number;
  /** Returns a whole number of at least 0 and less than `end`. */
  below(end: number): number;
  /** Returns a random element of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** Returns the elements of a list in random order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** Creates a source of random numbers from a seed. The algorithm, mulberry32, is not safe for secrets. */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
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
