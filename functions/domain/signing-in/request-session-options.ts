import type { RequestOptions } from '../../contract/values/console-options.ts';
import { requestOptions } from '../webauthn/request-options.ts';
import { beginCeremony, CHALLENGE_LASTS, CONSOLE_REQUIREMENTS, consoleRelyingParty } from './console-ceremonies.ts';
import type { Services } from '../services.ts';

/**
 * Begins a sign-in with a passkey and returns the WebAuthn options. The options allow any passkey of the console, so
 * the request needs no user name and the response reveals no user name.
 */
export async function requestSessionOptions(services: Services): Promise<RequestOptions> {
  const challenge = await beginCeremony(services, { kind: 'authentication' });
  return requestOptions(
    consoleRelyingParty(services),
    { challenge, timeout: CHALLENGE_LASTS },
    CONSOLE_REQUIREMENTS.authenticatorSelection.userVerification,
  );
}
