import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { backOff } from './back-off.ts';
import type { Table } from './client.ts';
import { UnavailableError } from './unavailable-error.ts';

/** Splits a list into lists of at most `size` elements. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

/** The error when DynamoDB throttles and leaves a part of a batch unprocessed. */
class UnprocessedError extends UnavailableError {}

/** The lower limit of the first wait, and the upper limit of all waits between two attempts, in milliseconds. */
const WAITS = { first: 20, longest: 500 };

/**
 * Sends a batch, and then sends the unprocessed entries again up to 5 times, with random waits between the attempts.
 * Throws `UnavailableError` when some entries are unprocessed after the last attempt. `send` returns the unprocessed
 * entries.
 */
export async function untilProcessed<T>(
  { random }: Pick<Table, 'random'>,
  batch: T[],
  send: (left: T[]) => Promise<T[]>,
): Promise<void> {
  let left = batch;
  await pRetry(
    async () => {
      left = await send(left);
      if (left.length > 0) throw new UnprocessedError('The table left a part of a batch unprocessed');
    },
    {
      retries: 5,
      // `shouldRetry` computes each wait with `random`. The random waits of p-retry itself would use Math.random.
      minTimeout: 0,
      shouldRetry: async ({ error, attemptNumber }) => {
        if (!(error instanceof UnprocessedError)) return false;
        await sleep(backOff(attemptNumber, WAITS, random));
        return true;
      },
    },
  );
}
