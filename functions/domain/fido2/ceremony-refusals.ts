import { CeremonyRefusedError } from '../errors.ts';
import { toIso } from '../time.ts';
import type { Refusal, Step } from '../webauthn/refusal.ts';

/** The errors that several ceremonies throw. This file defines the text of each error once. */

/**
 * Returns the error for a ceremony that was accepted before. `usedAt` is undefined if the time is not known any more.
 */
export const ceremonyUsed = (usedAt?: number) =>
  new CeremonyRefusedError(
    'ceremony-used',
    usedAt === undefined
      ? 'The ceremony was used already, or too many later ceremonies of this credential have been used since it began. Begin a new one.'
      : `The ceremony was used at ${toIso(usedAt)}. Begin a new one. To repeat a request safely, send an Idempotency-Key.`,
    usedAt === undefined ? {} : { usedAt: toIso(usedAt) },
  );
export const userDisabled = () =>
  new CeremonyRefusedError('user-disabled', 'The user is disabled. Enable the user first.');
export const noCredential = () =>
  new CeremonyRefusedError('no-credential', 'The user has no credential that this ceremony could accept.');
/**
 * The steps of the verification that need the table, beside those of `STEPS`. `user-handle`: the user handle is missing
 * or belongs to another user (7.2-6). `allow-credentials`: the options did not list the credential (7.2-5).
 * `backup-eligibility`: the flag BE differs from its value at the registration (7.2-18).
 */
export const OWN_STEPS = ['user-handle', 'allow-credentials', 'backup-eligibility'] as const;

/** Returns the error for a response that does not match what the service knows. */
export const responseInvalid = (step: Step | (typeof OWN_STEPS)[number], reason: string) =>
  new CeremonyRefusedError('response-invalid', reason, { step });

/** Returns the error for a response that the verification has refused. */
export function refusedBy({ step, reason, origin }: Refusal): CeremonyRefusedError {
  switch (step) {
    case 'origin':
      return new CeremonyRefusedError(
        'origin-not-allowed',
        `The ceremony ran on ${origin ?? 'an unknown origin'}, which the settings of the RP do not allow.`,
        origin === undefined ? { step } : { step, origin },
      );
    case 'user-verification':
      return new CeremonyRefusedError(
        'user-verification-required',
        'The authenticator did not verify the user, and the ceremony requires it.',
        { step },
      );
    default:
      return responseInvalid(step, `${reason}.`);
  }
}
