import { withoutNetwork } from './no-network.ts';

/**
 * The verification steps that can refuse a response, in the order of a registration. The words are public: a client may
 * decide from the word what to do, so a word never changes its meaning. The numbers are the steps of WebAuthn Level 3,
 * sections 7.1 (registration) and 7.2 (authentication).
 */
export const STEPS = [
  /** The client data is not a JSON object, or a member has the wrong type (7.1-5 and 6, 7.2-8 and 9). */
  'client-data',
  /** The client data is from a ceremony of the other type (7.1-7, 7.2-10). */
  'type',
  /** The client data contain another challenge (7.1-8, 7.2-11). */
  'challenge',
  /** The ceremony ran on a page of an origin that the RP does not allow (7.1-9, 7.2-12). */
  'origin',
  /** The ceremony ran in a frame of another origin, and the RP allows no page to embed it (7.1-10, 7.2-13). */
  'cross-origin',
  /** A page that the RP does not allow embeds the ceremony (7.1-11, 7.2-14). */
  'top-origin',
  /** The attestation object is no CBOR map with the three members that WebAuthn requires (7.1-13). */
  'attestation-object',
  /** The authenticator data are malformed (6.1). */
  'authenticator-data',
  /** The authenticator data is for another RP ID (7.1-14, 7.2-15). */
  'rp-id-hash',
  /** The authenticator did not test that a user is present (7.1-15, 7.2-16). */
  'user-presence',
  /** The RP requires user verification, and the authenticator did not verify the user (7.1-16, 7.2-17). */
  'user-verification',
  /** The credential is backed up, but is not eligible for backup (7.1-17, 7.2-18). */
  'backup-state',
  /** The RP does not allow the algorithm of the public key (7.1-20). */
  'algorithm',
  /** The public key is malformed, is too weak, or does not match its algorithm (5.8.5). */
  'public-key',
  /** The credential ID is not the one that the authenticator created, or is too long (7.1-25). */
  'credential-id',
  /** The results of a client extension show that the ceremony used an AppID of U2F (7.1-28, 7.2-23). */
  'extensions',
  /** The attestation statement is malformed, is not valid, or has an unknown format (7.1-21 and 22). */
  'attestation',
  /** The signature is not valid (7.2-21). */
  'signature',
] as const;
export type Step = (typeof STEPS)[number];

/**
 * The reason why a WebAuthn response was refused. `reason` is an English text for the log. It contains no key material
 * and no ID of a user or a credential.
 */
export interface Refusal {
  readonly step: Step;
  readonly reason: string;
  /**
   * The origin in the client data, at most 300 characters.
   * @default - another step than `origin` refused the response
   */
  readonly origin?: string;
}

/** The outcome of the verification of a WebAuthn response. */
export type Verification<T> =
  { readonly accepted: T; readonly refusal?: undefined } | { readonly accepted?: undefined; readonly refusal: Refusal };

class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** Throws the error that makes `outcomeOf` return a refusal. `origin` is the origin in the client data. */
export function refuse(step: Step, reason: string, origin?: string): never {
  throw new RefusedError({ step, reason, ...(origin !== undefined && { origin }) });
}

/**
 * Runs `verify`, and refuses the response with `step` when `verify` throws another error than a refusal. SimpleWebAuthn
 * and the parsers of CBOR and ASN.1 refuse a value by throwing an error.
 */
export function refusing<T>(step: Step, verify: () => T): T {
  const refused = (error: unknown): never => {
    if (error instanceof RefusedError) throw error;
    return refuse(step, error instanceof Error ? error.message : String(error));
  };
  try {
    const result = verify();
    return result instanceof Promise ? (result.catch(refused) as T) : result;
  } catch (error) {
    return refused(error);
  }
}

/**
 * Runs `verify`, the verification of a WebAuthn response, and returns the outcome. During the verification the process
 * opens no connection. Every error that is not a refusal is a programming error, so the function throws it.
 */
export async function outcomeOf<T>(verify: () => Promise<T>): Promise<Verification<T>> {
  try {
    return { accepted: await withoutNetwork(verify) };
  } catch (error) {
    if (error instanceof RefusedError) return { refusal: error.refusal };
    throw error;
  }
}

/** Runs `check`, and returns its result, or undefined when it refuses. */
export function unlessRefused<T>(check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}
