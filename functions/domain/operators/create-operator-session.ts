import type { AuthenticationResponse } from '../../contract/values/webauthn.ts';
import { readOperatorPasskey, useOperatorPasskey } from '../../table/operators/operator-passkeys.ts';
import { putOperatorSession } from '../../table/operators/operator-sessions.ts';
import { atGeneration, checkOperator, readOperatorOf, type Operator } from '../../table/operators/operators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { useChallenge } from '../../table/signing-in/challenges.ts';
import { UnauthenticatedError } from '../errors.ts';
import { newSecret, passkeyIdOf } from '../ids.ts';
import type { Services } from '../services.ts';
import { SESSION_LASTS } from '../sessions/session-lifetime.ts';
import { logRefusedSignIn, logSignIn } from '../signing-in/sign-in-log.ts';
import { verifySignIn } from '../signing-in/verify-sign-in.ts';
import { toTtl } from '../time.ts';
import { parseOperatorUserHandle } from './operator-user-handle.ts';

const CEREMONY = { kind: 'operator-authentication' } as const;

/**
 * Signs in an operator with a passkey. The user handle of the passkey identifies the operator. `ipAddress` is the IP
 * address that sent the request. Throws the same `UnauthenticatedError` whatever the reason is. Logs every sign-in and
 * every refusal.
 *
 * The function writes in one transaction: if the process dies, either the challenge is used, the sign count is updated
 * and the session is stored, or nothing has changed. The transaction fails, and the function throws the same error, if
 * another request used the challenge or the passkey, or if the operator was removed or got a new link after the
 * function read the items.
 */
export async function createOperatorSession(
  services: Services,
  passkey: AuthenticationResponse,
  ipAddress: string,
): Promise<{ sessionToken: string; expiresAt: number; operator: Operator }> {
  const { table, clock, log } = services;
  const operatorId = parseOperatorUserHandle(passkey.response.userHandle ?? '');
  const passkeyId = passkeyIdOf(passkey.id);
  const signIn = { operatorId, method: 'passkey', passkeyId, ipAddress } as const;
  const refused = () => {
    logRefusedSignIn(log, signIn);
    return new UnauthenticatedError('The passkey was not accepted. Try again, or ask for a new link.');
  };
  const stored = operatorId === undefined ? undefined : await readOperatorPasskey(table, operatorId);
  const operator = stored?.id === passkeyId ? await readOperatorOf(table, stored) : undefined;
  if (!stored || !operator) throw refused();
  const verified = await verifySignIn(services, CEREMONY, stored, passkey);
  if (!verified) throw refused();

  const now = clock.now();
  const sessionToken = newSecret('ops');
  const expiresAt = now + SESSION_LASTS;
  const session = { ...atGeneration(operator), signedInAt: now, lastUsedAt: now, expiresAt };
  const failures = await transact(table, {
    challenge: useChallenge(verified.challenge, CEREMONY),
    passkey: useOperatorPasskey(operator.operatorId, verified.signCount, now),
    operator: checkOperator(operator),
    session: putOperatorSession(sessionToken, session, toTtl(expiresAt)),
  });
  if (failures) throw refused();
  logSignIn(log, signIn);
  return { sessionToken, expiresAt, operator };
}
