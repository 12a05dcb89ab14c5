import type { RequestOptions } from '../../contract/values/console-options.ts';
import type { Services } from '../services.ts';
import {
  beginCeremony,
  CHALLENGE_LASTS,
  CONSOLE_REQUIREMENTS,
  consoleRelyingParty,
} from '../signing-in/console-ceremonies.ts';
import { requestOptions } from '../webauthn/request-options.ts';

/** Begins the sign-in of an operator and returns the WebAuthn options, which name no passkey. */
export async function requestOperatorSessionOptions(services: Services): Promise<RequestOptions> {
  const challenge = await beginCeremony(services, { kind: 'operator-authentication' });
  return requestOptions(
    consoleRelyingParty(services),
    { challenge, timeout: CHALLENGE_LASTS },
    CONSOLE_REQUIREMENTS.authenticatorSelection.userVerification,
  );
}
