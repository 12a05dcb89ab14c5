/** Random numbers that come again with the same seed, so that a run can be repeated. */
export interface Random {
  /** Gives a whole number of at least 0 and less than `below`. */
  below(below: number): number;
  /** Gives the elements of a list in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

/** Makes random numbers out of a seed: mulberry32, good enough to spread operations and not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return {
    below,
    shuffled(list) {
      const result = [...list];
      for (let last = result.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [result[last], result[other]] = [result[other] as (typeof result)[0], result[last] as (typeof result)[0]];
      }
      return result;
    },
  };
}
