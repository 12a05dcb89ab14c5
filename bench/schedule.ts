import { element } from './element.ts';
import type { Random } from './random.ts';

/** Operations of each user in the month. */
export const OPERATIONS_A_USER = 20;
/** Warm processes of the function that takes operations. */
export const PROCESSES = 20;
/** Operations that each process takes a second of simulated time. */
export const OPERATIONS_A_SECOND = 10;
/** Operations at work at once, at most, each of another process and another user. */
const AT_ONCE = 8;

/** An operation of a user, given to a process; both by their index. */
export interface Scheduled {
  readonly user: number;
  readonly process: number;
}

/**
 * Spreads 20 operations of each user over 20 warm processes so that a share of them meets a process that has had the user
 * before: each user comes to as many processes as that leaves. A hit rate of 0.25 is 15 of 20 operations at a new one.
 * Gives them in random order, in waves that are at work at once: no two of a wave have the user or the process in common,
 * so that what is measured does not depend on which of them is faster.
 */
export function schedule(users: number, hitRate: number, random: Random): Scheduled[][] {
  const met = Math.round(OPERATIONS_A_USER * (1 - hitRate));
  const operations = Array.from({ length: users }, (_, user) => {
    const processes = random.shuffled(Array.from({ length: PROCESSES }, (__, process) => process)).slice(0, met);
    return Array.from({ length: OPERATIONS_A_USER }, (__, index) => ({
      user,
      process: element(processes, index < met ? index : random.below(met)),
    }));
  });
  return inWaves(random.shuffled(operations.flat()));
}

function inWaves(operations: readonly Scheduled[]): Scheduled[][] {
  const waves: Scheduled[][] = [];
  let wave: Scheduled[] = [];
  for (const operation of operations) {
    const meets = wave.some(({ user, process }) => user === operation.user || process === operation.process);
    if (meets || wave.length === AT_ONCE) {
      waves.push(wave);
      wave = [];
    }
    wave.push(operation);
  }
  return [...waves, wave];
}
