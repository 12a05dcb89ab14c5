import { readSession, updateLastUse } from '../../table/signing-in/sessions.ts';
import type { AdministratorCaller } from '../callers.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { isValid, LAST_USE_EVERY } from './session-lifetime.ts';

/**
 * Returns the caller to whom a session token belongs. The function makes three strongly consistent reads, and a fourth
 * one if a passkey opened the session. Throws `UnauthenticatedError` when the session is unknown, has expired or was
 * unused for too long, when the session's administrator was removed or lost rights after the sign-in, when the passkey
 * that opened the session was removed, when the address of the link that opened the session was replaced, or when the
 * customer is not active.
 */
export async function authenticateSession({ table, clock }: Services, token: string): Promise<AdministratorCaller> {
  const now = clock.now();
  const read = await readSession(table, token);
  if (!read || !isValid(read.session, read.administrator, now) || read.customer.status !== 'active')
    throw new UnauthenticatedError('The session is not valid or has ended. Sign in again.');
  if (now >= read.session.lastUsedAt + LAST_USE_EVERY) await updateLastUse(table, token, now);
  return { token, ...read };
}
