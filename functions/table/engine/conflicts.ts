import pRetry from 'p-retry';
import { ConflictError } from './unavailable-error.ts';

/** How long a write that meets a transaction on its items is tried again, in milliseconds: the SDK does not retry it. */
const PATIENCE = 2_000;

/** Does a write, and again with jitter for 2 seconds while it meets others; then it throws `ConflictError`. */
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
