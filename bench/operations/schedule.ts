import { element } from '../setting/element.ts';
import type { Random } from '../setting/random.ts';

/** The number of operations that each user makes in the month. */
export const OPERATIONS_A_USER = 20;
/** The number of warm processes of the function that handles operations. */
export const PROCESSES = 20;
/** The number of operations that each process handles per second of simulated time. */
export const OPERATIONS_A_SECOND = 10;
/** The maximum number of operations that run at the same time, each in a different process and for a different user. */
const AT_ONCE = 8;

/** The index of an operation's user, and the index of the process that handles the operation. */
export interface Scheduled {
  readonly user: number;
  readonly process: number;
}

/**
 * Spreads the 20 operations of each user over 20 warm processes. `hitRate` is the share of operations that reach a
 * process whose cache contains the user. At a hit rate of 0.25, 15 of 20 operations reach a process that has not
 * handled an operation of the user before. Returns the operations in random order, in waves. The operations of a wave
 * run at the same time. No two operations of a wave share a user or a process, so the result does not depend on which
 * operation ends first.
 */
export function schedule(users: number, hitRate: number, random: Random): Scheduled[][] {
  const met = Math.round(OPERATIONS_A_USER * (1 - hitRate));
  const operations = Array.from({ length: users }, (_, user) => {
    const processes = random.shuffle(Array.from({ length: PROCESSES }, (__, process) => process)).slice(0, met);
    return Array.from({ length: OPERATIONS_A_USER }, (__, index) => ({
      user,
      process: element(processes, index < met ? index : random.below(met)),
    }));
  });
  return inWaves(random.shuffle(operations.flat()));
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
