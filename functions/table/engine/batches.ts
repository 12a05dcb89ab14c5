import pRetry from 'p-retry';
import { UnavailableError } from './unavailable-error.ts';

/** Splits a list into lists of at most `size`. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

/** A throttled batch leaves entries over. */
class UnprocessedError extends UnavailableError {}

/** Sends a batch, and up to 5 times with jitter the entries that are left over. Throws `UnavailableError` when some remain. */
export async function untilProcessed<T>(batch: T[], send: (left: T[]) => Promise<T[]>): Promise<void> {
  let left = batch;
  await pRetry(
    async () => {
      left = await send(left);
      if (left.length > 0) throw new UnprocessedError('The table left part of a batch undone');
    },
    {
      retries: 5,
      minTimeout: 20,
      maxTimeout: 500,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof UnprocessedError,
    },
  );
}
