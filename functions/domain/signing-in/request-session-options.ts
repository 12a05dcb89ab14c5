import type { RequestOptions } from '../../contract/webauthn.ts';
import { beginCeremony, CHALLENGE_LASTS, consoleInWebAuthn } from '../webauthn/ceremonies.ts';
import type { Services } from '../services.ts';

/** Begins to sign somebody in with whichever passkey of the console they have: no name is asked for, none is told. */
export async function requestSessionOptions(services: Services): Promise<RequestOptions> {
  return {
    rpId: consoleInWebAuthn(services).rpId,
    challenge: await beginCeremony(services, { kind: 'authentication' }),
    timeout: CHALLENGE_LASTS,
    userVerification: 'required',
  };
}
