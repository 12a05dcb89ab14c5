/**
 * The verification step that refused a response. `cross-origin`: the ceremony ran in a frame of another origin.
 * `public-key`: the public key is malformed or too weak. `credential-id`: the credential ID in the response differs
 * from the credential ID that the authenticator created. `library`: SimpleWebAuthn refuses the response.
 */
export type Step = 'cross-origin' | 'public-key' | 'credential-id' | 'library';

/**
 * The reason why a WebAuthn response was refused. The service logs the reason, which contains no key material, but
 * never returns the reason to the client.
 */
interface Refusal {
  readonly step: Step;
  readonly reason: string;
}

/** The outcome of the verification of a WebAuthn response. */
export type Verification<T> =
  { readonly accepted: T; readonly refusal?: undefined } | { readonly accepted?: undefined; readonly refusal: Refusal };

class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly step: Step;
  constructor(step: Step, reason: string) {
    super(reason);
    this.step = step;
  }
}

/** Throws the error that makes `outcomeOf` return a refusal. */
export function refuse(step: Step, reason: string): never {
  throw new RefusedError(step, reason);
}

/**
 * Runs `verify`, the verification of a WebAuthn response, and returns the outcome. SimpleWebAuthn refuses a response by
 * throwing an error. A verification calls nothing outside the process, so every error that a verification throws means
 * that the response is wrong.
 */
export async function outcomeOf<T>(verify: () => Promise<T>): Promise<Verification<T>> {
  try {
    return { accepted: await verify() };
  } catch (error) {
    const step = error instanceof RefusedError ? error.step : 'library';
    return { refusal: { step, reason: error instanceof Error ? error.message : String(error) } };
  }
}
