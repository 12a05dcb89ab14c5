import type { Administrator } from '../../table/administrators.ts';
import { ForbiddenError } from '../errors.ts';

/** "An administrator has 0 to 20 passkeys." */
export const MAX_PASSKEYS = 20;
export const TOO_MANY_PASSKEYS = `Nobody has more than ${MAX_PASSKEYS} passkeys. Remove one first.`;

/** Throws `ForbiddenError` when an administrator has as many passkeys as anybody may. The write has the same condition. */
export function requireRoomForPasskey({ passkeys = 0 }: Administrator): void {
  if (passkeys >= MAX_PASSKEYS) throw new ForbiddenError(TOO_MANY_PASSKEYS);
}
