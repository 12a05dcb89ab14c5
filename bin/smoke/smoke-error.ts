/** The error for an answer of the service that a smoke test does not expect. */
export class SmokeError extends Error {
  override readonly name = 'SmokeError';
}

/** Throws `SmokeError` unless something is as it should be. */
export function expectThat(isRight: boolean, otherwise: string): asserts isRight {
  if (!isRight) throw new SmokeError(otherwise);
}
