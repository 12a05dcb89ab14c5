import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { backOff } from './back-off.ts';
import type { Table } from './client.ts';
import { ConflictError } from './unavailable-error.ts';

/**
 * How long `untilNoConflict` retries a call that conflicts with a transaction, in milliseconds. The SDK does not retry
 * such a call.
 */
const PATIENCE = 2_000;
/** The lower limit of the first wait, and the upper limit of all waits between two tries, in milliseconds. */
const WAITS = { first: 10, longest: 200 };

/**
 * Performs a write or a read, and retries it after random waits while it conflicts with transactions. Throws
 * `ConflictError` if it still conflicts after 2 seconds.
 */
export function untilNoConflict<T>({ random }: Pick<Table, 'random'>, call: () => Promise<T>): Promise<T> {
  return pRetry(call, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: PATIENCE,
    // `shouldRetry` computes each wait with `random`. The random waits of p-retry itself would use Math.random.
    minTimeout: 0,
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!(error instanceof ConflictError)) return false;
      await sleep(backOff(attemptNumber, WAITS, random));
      return true;
    },
  });
}
