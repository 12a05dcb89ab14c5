import { readSession, updateLastUse } from '../../table/signing-in/sessions.ts';
import type { AdministratorCaller } from '../callers.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { IDLE, LAST_USE_EVERY } from './session-lifetime.ts';

/**
 * Returns the caller to whom a session token belongs. The function makes three strongly consistent reads. Throws
 * `UnauthenticatedError` when the session is unknown, has expired or was unused for too long, when the session's
 * administrator was removed or lost rights after the sign-in, or when the customer is not active.
 */
export async function authenticateSession({ table, clock }: Services, token: string): Promise<AdministratorCaller> {
  const now = clock.now();
  const read = await readSession(table, token);
  const valid =
    read &&
    now < read.session.expiresAt &&
    now < read.session.lastUsedAt + IDLE &&
    read.administrator.sessionGeneration === read.session.generation &&
    read.customer.status === 'active';
  if (!valid) throw new UnauthenticatedError('The session is not valid or has ended. Sign in again.');
  if (now >= read.session.lastUsedAt + LAST_USE_EVERY) await updateLastUse(table, token, now);
  return { token, ...read };
}
