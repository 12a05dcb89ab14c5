import type { AuthenticationResponse } from '../../contract/values/webauthn.ts';
import { useChallenge } from '../../table/signing-in/challenges.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { readPasskeyAndOwner, usePasskey } from '../../table/signing-in/passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import { UnauthenticatedError } from '../errors.ts';
import { passkeyIdOf } from '../ids.ts';
import { newSession, type SignedIn } from '../sessions/new-session.ts';
import type { Services } from '../services.ts';
import { logRefusedSignIn, logSignIn } from './sign-in-log.ts';
import { parseUserHandle } from './user-handle.ts';
import { verifySignIn } from './verify-sign-in.ts';

const CEREMONY = { kind: 'authentication' } as const;

/**
 * Signs in with a passkey. The user handle of the passkey identifies the administrator. `ipAddress` is the IP address
 * that sent the request. Throws the same `UnauthenticatedError` for an unknown passkey and for a response that is
 * refused. Logs every sign-in and every refusal.
 *
 * The function writes in one transaction: if the process dies, either the challenge is used, the sign count is updated
 * and the session is stored, or nothing has changed. The transaction fails, and the function throws the same error, if
 * one of these events happened after the function read the items:
 *
 * - Another request used the challenge.
 * - Another request signed in with the passkey or with a copy of the passkey.
 * - The passkey or its administrator was removed.
 * - The customer unsubscribed.
 *
 * If the administrator lost rights after the function read the administrator, the sign-in succeeds, but the new session
 * is of no use. It contains an outdated session generation, a number that increases when an administrator loses rights,
 * so the service refuses every request of the session.
 */
export async function signInByPasskey(
  services: Services,
  passkey: AuthenticationResponse,
  ipAddress: string,
): Promise<SignedIn> {
  const { table, clock, log } = services;
  const owner = parseUserHandle(passkey.response.userHandle ?? '');
  const passkeyId = passkeyIdOf(passkey.id);
  const signIn = { ...owner, method: 'passkey', passkeyId, ipAddress } as const;
  const refused = () => {
    logRefusedSignIn(log, signIn);
    return new UnauthenticatedError('The passkey was not accepted. Try again, or request a link by e-mail.');
  };
  const found = owner && (await readPasskeyAndOwner(table, { ...owner, id: passkeyId }));
  if (found?.customer.status !== 'active') throw refused();
  const { administrator, customer } = found;
  const verified = await verifySignIn(services, CEREMONY, found.passkey, passkey);
  if (!verified) throw refused();

  const now = clock.now();
  const { createdAt: passkeyCreatedAt, countsFrom } = found.passkey;
  const openedBy = { method: 'passkey', passkeyId, passkeyCreatedAt, countsFrom } as const;
  const { put, ...session } = newSession(administrator, now, openedBy, ipAddress);
  const { customerId } = customer;
  const { write: audit } = newChange(services, { administrator }, customerId, {
    kind: 'session-begun',
    before: null,
    after: { method: 'passkey', passkey: found.passkey.name },
  });
  const failures = await transact(table, {
    challenge: useChallenge(verified.challenge, CEREMONY),
    passkey: usePasskey(found.passkey, verified.signCount, now),
    customer: checkCustomerActive(customerId),
    session: put,
    audit,
  });
  if (failures) throw refused();
  logSignIn(log, signIn);
  return { ...session, administrator, customer };
}
