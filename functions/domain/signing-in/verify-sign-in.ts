import type { AuthenticationResponse } from '../../contract/values/webauthn.ts';
import type { Ceremony } from '../../table/signing-in/challenges.ts';
import type { Services } from '../services.ts';
import { acceptedOrLogged, CONSOLE_REQUIREMENTS, consoleRelyingParty, findChallenge } from './console-ceremonies.ts';

/**
 * Verifies the WebAuthn response of a person who signs in with the passkey `stored`. Returns the challenge and the sign
 * count in the response. Returns undefined when the challenge does not belong to `ceremony` or the verification refuses
 * the response.
 */
export async function verifySignIn(
  services: Services,
  ceremony: Ceremony,
  stored: { readonly credentialId: string; readonly publicKey: Uint8Array },
  passkey: AuthenticationResponse,
): Promise<{ challenge: string; signCount: number } | undefined> {
  const found = await findChallenge(services, passkey.response, ceremony);
  if (!found) return undefined;
  const { challenge } = found;
  const { userVerification } = CONSOLE_REQUIREMENTS.authenticatorSelection;
  // A cold start does not load the verification code, because most requests need no verification.
  const { verifyAuthentication } = await import('../webauthn/authentication.ts');
  const verification = await verifyAuthentication(
    consoleRelyingParty(services),
    { challenge, userVerification },
    { id: stored.credentialId, publicKey: stored.publicKey },
    passkey,
  );
  const accepted = acceptedOrLogged(services.log, verification);
  return accepted && { challenge, signCount: accepted.signCount };
}
