import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { AuthenticationResponse } from '../../contract/webauthn.ts';
import { useChallenge } from '../../table/signing-in/challenges.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { readPasskeyAndOwner, usePasskey, type Passkey } from '../../table/signing-in/passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { consoleInWebAuthn, findChallenge, unlessRefused } from '../webauthn/ceremonies.ts';
import { UnauthenticatedError } from '../errors.ts';
import { passkeyIdOf } from '../ids.ts';
import { newSession, type SignedIn } from './new-session.ts';
import type { Services } from '../services.ts';
import { parseUserHandle } from './user-handle.ts';

const CEREMONY = { kind: 'authentication' } as const;

/**
 * Signs in with a passkey, which says whose it is. Throws `UnauthenticatedError`, always the same, for one that is unknown
 * or whose response is not as it must be.
 *
 * All is one transaction: if the process dies, the challenge was used, the passkey's sign count moved and the session is
 * there, or nothing was done. What comes between is a condition of it: the challenge used by another request, the same
 * passkey or a copy of it used at this moment, the passkey removed by itself or with its administrator, the customer
 * unsubscribed. Rights that are taken end the session, which has their generation of before.
 */
export async function signInByPasskey(services: Services, passkey: AuthenticationResponse): Promise<SignedIn> {
  const { table, clock } = services;
  const refused = new UnauthenticatedError('The passkey was not accepted. Try again, or ask for a link by e-mail.');
  const owner = parseUserHandle(passkey.response.userHandle ?? '');
  const found = owner && (await readPasskeyAndOwner(table, { ...owner, id: passkeyIdOf(passkey.id) }));
  if (found?.customer.status !== 'active') throw refused;
  const { administrator, customer } = found;
  const verified = await verify(services, found.passkey, passkey);
  if (!verified) throw refused;

  const now = clock.now();
  const { put, ...session } = newSession(administrator, now, undefined);
  const failures = await transact(table, {
    challenge: useChallenge(verified.challenge, CEREMONY),
    passkey: usePasskey(found.passkey, verified.signCount, now),
    customer: checkCustomerActive(customer.customerId),
    session: put,
  });
  if (failures) throw refused;
  return { ...session, administrator, customer };
}

/** Verifies a response: gives the challenge that it answers and the sign count. Undefined when it is refused. */
async function verify(
  services: Services,
  { credentialId, publicKey, signCount }: Passkey,
  { id, rawId, type, response }: AuthenticationResponse,
): Promise<{ challenge: string; signCount: number } | undefined> {
  const { rpId, origin } = consoleInWebAuthn(services);
  const challenge = await findChallenge(services, response, CEREMONY);
  if (challenge === undefined) return undefined;
  const { clientDataJSON, authenticatorData, signature } = response;
  const authentication = await unlessRefused(services.log, () =>
    verifyAuthenticationResponse({
      response: {
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: { clientDataJSON, authenticatorData, signature },
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: signCount },
      requireUserVerification: true,
    }),
  );
  return authentication?.verified ? { challenge, signCount: authentication.authenticationInfo.newCounter } : undefined;
}
