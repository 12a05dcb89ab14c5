import type { CreationOptions } from '../../contract/values/console-options.ts';
import { readPasskeys } from '../../table/signing-in/passkeys.ts';
import type { AdministratorCaller } from '../callers.ts';
import { creationOptions } from '../webauthn/creation-options.ts';
import { beginCeremony, CHALLENGE_LASTS, CONSOLE_REQUIREMENTS, consoleRelyingParty } from './console-ceremonies.ts';
import { requireRightToAddPasskey } from '../sessions/recent-sign-in.ts';
import { requireRoomForPasskey } from './passkey-limit.ts';
import type { Services } from '../services.ts';
import { userHandleOf } from './user-handle.ts';

/**
 * Begins the registration of a passkey for the caller and returns the WebAuthn options. Throws
 * `ReauthenticationRequiredError` when the caller has a passkey but did not sign in within the last 5 minutes, and
 * `RecoveryHoldError` during a recovery hold of the caller; a recovery session is exempt from both. Throws
 * `ForbiddenError` when the caller has the maximum number of passkeys. The function makes these checks before the
 * authenticator creates the passkey, so that no authenticator creates a passkey that the service then refuses.
 * `addPasskey` makes the same checks again as of the time of this call, so the caller has 5 minutes to create the
 * passkey.
 */
export async function requestPasskeyOptions(services: Services, caller: AdministratorCaller): Promise<CreationOptions> {
  const { administrator } = caller;
  requireRightToAddPasskey(caller, services.clock.now());
  requireRoomForPasskey(administrator);
  const { customerId, administratorId, name, email } = administrator;
  const passkeys = await readPasskeys(services.table, administrator);
  return creationOptions(
    consoleRelyingParty(services),
    { id: userHandleOf(administrator), name: email, displayName: name },
    {
      challenge: await beginCeremony(services, { kind: 'registration', customerId, administratorId }),
      timeout: CHALLENGE_LASTS,
      excludeCredentials: passkeys.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    },
    CONSOLE_REQUIREMENTS,
  );
}
