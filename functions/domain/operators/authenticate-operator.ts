import { readOperatorSession, updateOperatorLastUse } from '../../table/operators/operator-sessions.ts';
import { readOperatorOf } from '../../table/operators/operators.ts';
import type { OperatorCaller } from '../callers.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Services } from '../services.ts';
import { isInTime, LAST_USE_EVERY } from '../sessions/session-lifetime.ts';

/**
 * Returns the operator to whom a session token belongs, with two strongly consistent reads. Throws
 * `UnauthenticatedError` when the session is unknown, has expired or was unused for too long, and when the operator was
 * removed or got a new link after the sign-in.
 */
export async function authenticateOperator({ table, clock }: Services, token: string): Promise<OperatorCaller> {
  const now = clock.now();
  const session = await readOperatorSession(table, token);
  const operator = session && isInTime(session, now) ? await readOperatorOf(table, session) : undefined;
  if (!session || !operator)
    throw new UnauthenticatedError('The session is not valid or has ended. Sign in to the operators’ pages again.');
  if (now >= session.lastUsedAt + LAST_USE_EVERY) await updateOperatorLastUse(table, token, now);
  return { token, session, operator };
}
