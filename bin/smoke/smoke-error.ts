/** The error for a response or a state of the service that a smoke test does not expect. */
export class SmokeError extends Error {
  override readonly name = 'SmokeError';
}

/** Throws `SmokeError` unless `isRight`. */
export function expectThat(isRight: boolean, otherwise: string): asserts isRight {
  if (!isRight) throw new SmokeError(otherwise);
}
