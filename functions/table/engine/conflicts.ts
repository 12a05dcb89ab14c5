import pRetry from 'p-retry';
import { ConflictError } from './unavailable-error.ts';

/** For how many milliseconds to repeat a write that meets a transaction on its items. The SDK does not repeat it. */
const PATIENCE = 2_000;

/** Does a write, and repeats it with jitter for 2 seconds while it meets transactions; then throws `ConflictError`. */
export function untilNoConflict<T>(write: () => Promise<T>): Promise<T> {
  return pRetry(write, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 10,
    maxTimeout: 200,
    randomize: true,
    maxRetryTime: PATIENCE,
    shouldRetry: ({ error }) => error instanceof ConflictError,
  });
}
