import { createHash, randomBytes } from 'node:crypto';
import { fieldError } from '../../contract/field-errors.ts';
import { CeremonyRefusedError, InvalidInputError } from '../errors.ts';
import { DAY, SECOND } from '../time.ts';
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

/** The request of an RP that begins a ceremony of either type. */
export interface Begun {
  readonly timeoutSeconds?: number | undefined;
  readonly mediation?: 'conditional' | undefined;
  readonly context?: string | undefined;
}

/**
 * Returns the content that both types of ceremony have, and the time that the browser has, in milliseconds. This time
 * is undefined for a conditional ceremony. `now` is in epoch milliseconds. Throws `InvalidInputError` for a conditional
 * ceremony with a time-out, because a browser would not end it.
 */
export function beginCeremony(
  { timeoutSeconds, mediation, context }: Begun,
  settings: { readonly timeoutSeconds: number },
  now: number,
): { content: CeremonyContent; timeout: number | undefined } {
  if (mediation && timeoutSeconds !== undefined) {
    throw new InvalidInputError([fieldError('#/timeoutSeconds', 'not-with-mediation')]);
  }
  const timeout = mediation === 'conditional' ? undefined : (timeoutSeconds ?? settings.timeoutSeconds) * SECOND;
  return {
    content: {
      begin: now,
      end: now + (timeout === undefined ? CONDITIONAL_LASTS : timeout + AFTER_THE_BROWSER),
      challenge: randomBytes(32).toString('base64url'),
      ...(context !== undefined && { context: hashOfContext(context) }),
    },
    timeout,
  };
}

const hashOfContext = (context: string): string =>
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
