import type { Administrator } from '../../table/administrators.ts';
import { ForbiddenError } from '../errors.ts';

/** The maximum number of passkeys that an administrator can have. */
export const MAX_PASSKEYS = 20;
/** Returns the error for an administrator who has the maximum number of passkeys. */
export const tooManyPasskeys = () =>
  new ForbiddenError(`You have ${MAX_PASSKEYS} passkeys already, the maximum. Remove one first.`);

/**
 * Throws `ForbiddenError` when an administrator has the maximum number of passkeys. The transaction that stores a new
 * passkey checks the maximum again.
 */
export function requireRoomForPasskey({ passkeys = 0 }: Administrator): void {
  if (passkeys >= MAX_PASSKEYS) throw tooManyPasskeys();
}
