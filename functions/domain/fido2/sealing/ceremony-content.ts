import { createHash, randomBytes } from 'node:crypto';
import { CeremonyRefusedError } from '../../errors.ts';
import { DAY, SECOND } from '../../time.ts';
import { ceremonyInvalid, type CeremonyTimes } from './sealed-ceremony.ts';

/** The content of a sealed ceremony that both types of ceremony have. */
export interface CeremonyContent extends CeremonyTimes {
  /** 32 random bytes, as base64url. */
  readonly challenge: string;
  /** A hash of the context. @default - the RP gave no context */
  readonly context?: string | undefined;
}

/** How long a ceremony lasts after the time that the browser has, in milliseconds. */
const AFTER_THE_BROWSER = 60 * SECOND;
/** How long a conditional ceremony lasts, in milliseconds. A browser waits for such a ceremony without end. */
const CONDITIONAL_LASTS = DAY;

/**
 * Returns the content that both types of ceremony have. `timeout` is the time that the browser has, in milliseconds;
 * undefined for a conditional sign-in, which waits until the user acts. `now` is in epoch milliseconds.
 */
export const beginCeremony = (
  { context }: { readonly context?: string | undefined },
  timeout: number | undefined,
  now: number,
): CeremonyContent => ({
  begin: now,
  end: now + (timeout === undefined ? CONDITIONAL_LASTS : timeout + AFTER_THE_BROWSER),
  challenge: randomBytes(32).toString('base64url'),
  ...(context !== undefined && { context: hashOfContext(context) }),
});

/** Returns the hash of a context (base64url), with which a ceremony remembers the context. */
export const hashOfContext = (context: string): string =>
  createHash('sha256').update(context).digest().subarray(0, 16).toString('base64url');

/**
 * Returns whether a ceremony has ended at `now`, in epoch milliseconds. A ceremony that has ended is accepted no more,
 * but a request with an `Idempotency-Key` may repeat one that was accepted before. Throws `CeremonyRefusedError` with
 * `ceremony-invalid` when the ceremony began with another context, and with `ceremony-expired` when it has ended and
 * the request cannot be a repetition. The clock of the process that began the ceremony may be ahead.
 */
export function hasEnded(
  { end, context }: CeremonyContent,
  given: { readonly context: string | undefined; readonly idempotencyKey: string | undefined },
  now: number,
): boolean {
  if (context !== (given.context === undefined ? undefined : hashOfContext(given.context))) throw ceremonyInvalid();
  if (now > end && given.idempotencyKey === undefined) throw ceremonyExpired();
  return now > end;
}

/** Returns the error for a ceremony that has ended. */
export const ceremonyExpired = () =>
  new CeremonyRefusedError('ceremony-expired', 'The ceremony has expired. Begin a new one.');
