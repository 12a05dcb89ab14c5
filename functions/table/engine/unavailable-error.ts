/** The table could not do this now, but may be able to a moment later. Nothing suggests that the request is wrong. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}

/** A write met other writes on the same items. It can be repeated at once. */
export class ConflictError extends UnavailableError {
  override readonly name = 'ConflictError';
}
