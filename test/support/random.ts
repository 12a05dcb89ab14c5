import { createRandom, type Random as Numbers } from '../../bench/setting/random.ts';

/** A source of random numbers. The same seed produces the same numbers. */
export interface Random extends Numbers {
  readonly seed: number;
}

/**
 * Creates a source of random numbers from the seed in the environment variable `SEED`, or from a new seed. Each test
 * that uses the source reports the seed, so that a developer can repeat a failed test with the same numbers.
 */
export function random(seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)): Random {
  return { seed, ...createRandom(seed) };
}
