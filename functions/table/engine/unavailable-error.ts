/**
 * The error when the table could not process a call or did not respond in time. A retry may succeed, because the cause
 * is probably the state of the table and not the call itself.
 */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/**
 * The error when a write conflicted with other writes on the same items, when a query saw a part of a transaction, or
 * when DynamoDB throttled a transaction. `untilNoConflict` retries the call after this error.
 */
export class ConflictError extends UnavailableError {
  override readonly name = 'ConflictError';
}
