/** The table could not answer a call now, but may be able to a moment later. The call itself is probably not wrong. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/** A write conflicted with other writes on the same items. The write can be repeated at once. */
export class ConflictError extends UnavailableError {
  override readonly name = 'ConflictError';
}
