/**
 * The step of a verification that refuses a response. `attestation`: it carries one that was not requested.
 * `credential-id`: its ID is not the one that the authenticator made. `library`: SimpleWebAuthn refuses it.
 */
export type Step = 'attestation' | 'credential-id' | 'library';

/** Why a response was refused. The reason is for the log: it has no key material, and no caller learns it. */
export interface Refusal {
  readonly step: Step;
  readonly reason: string;
}

/** The outcome of a verification. */
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

/** Refuses the response that is being verified. */
export function refuse(step: Step, reason: string): never {
  throw new RefusedError(step, reason);
}

/**
 * Returns the outcome of a verification. SimpleWebAuthn refuses by throwing. A verification only computes and calls
 * nothing outside the process, so that every error comes from the response.
 */
export async function outcomeOf<T>(verify: () => Promise<T>): Promise<Verification<T>> {
  try {
    return { accepted: await verify() };
  } catch (error) {
    const step = error instanceof RefusedError ? error.step : 'library';
    return { refusal: { step, reason: error instanceof Error ? error.message : String(error) } };
  }
}
