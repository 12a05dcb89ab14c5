import { median } from './statistics.ts';

/**
 * The CPU time, in milliseconds, that one piece of work takes in a process, over several rounds. Goals apply to the
 * fastest round, because other work on the machine makes the CPU slower: it takes time of the same core, and memory
 * from the caches.
 */
export interface CpuTime {
  readonly fastest: number;
  readonly median: number;
}

/** Returns the fastest and the median round. */
export const cpuTimeOf = (rounds: readonly number[]): CpuTime => ({
  fastest: Math.min(...rounds),
  median: median(rounds),
});

/** Performs work, and returns its result and the CPU time of this process meanwhile, in milliseconds. */
export async function withCpu<T>(work: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const before = process.cpuUsage();
  const result = await work();
  return { result, milliseconds: millisecondsOf(process.cpuUsage(before)) };
}

/** Returns the CPU time that Node reports, in milliseconds. */
export const millisecondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;
