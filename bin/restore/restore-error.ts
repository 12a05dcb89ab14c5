/** The error of a restore that cannot go on. The message says what to do. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError';
}
