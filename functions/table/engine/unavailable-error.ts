/** The table cannot do it now, and may a moment later: nothing is known to be wrong with the request. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/** A write met others on the same items: it can be tried again at once. */
export class ConflictError extends UnavailableError {
  override readonly name = 'ConflictError';
}
