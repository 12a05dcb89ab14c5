import type { CreationOptions } from '../../contract/webauthn.ts';
import { readPasskeys } from '../../table/signing-in/passkeys.ts';
import type { AdministratorCaller } from '../callers.ts';
import { ALGORITHMS, beginCeremony, CHALLENGE_LASTS, consoleInWebAuthn } from '../webauthn/ceremonies.ts';
import { requireRecentSignInWithPasskey } from './recent-sign-in.ts';
import { requireRoomForPasskey } from './passkey-limit.ts';
import type { Services } from '../services.ts';
import { userHandleOf } from './user-handle.ts';

/**
 * Begins to add a passkey of the caller: one that is found without a name being asked for, that verifies the person, and
 * that is not there yet. Throws, before a passkey is made in vain, `ReauthenticationRequiredError` for somebody who has
 * one and did not sign in just now, and `ForbiddenError` at the maximum. A challenge is for the one who got it, and used
 * once within 5 minutes: adding the passkey needs not ask again.
 */
export async function requestPasskeyOptions(services: Services, caller: AdministratorCaller): Promise<CreationOptions> {
  const { administrator } = caller;
  requireRecentSignInWithPasskey(caller, services.clock.now());
  requireRoomForPasskey(administrator);
  const { customerId, administratorId, name, email } = administrator;
  const { rpId, name: rpName } = consoleInWebAuthn(services);
  const passkeys = await readPasskeys(services.table, administrator);
  return {
    rp: { id: rpId, name: rpName },
    user: { id: userHandleOf(administrator), name: email, displayName: name },
    challenge: await beginCeremony(services, { kind: 'registration', customerId, administratorId }),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: CHALLENGE_LASTS,
    attestation: 'none',
    excludeCredentials: passkeys.map(({ credentialId, transports }) => ({
      id: credentialId,
      type: 'public-key',
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  };
}
