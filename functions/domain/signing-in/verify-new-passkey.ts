import { fieldError } from '../../contract/errors/field-errors.ts';
import type { RegistrationResponse } from '../../contract/values/webauthn.ts';
import type { Ceremony } from '../../table/signing-in/challenges.ts';
import { InvalidInputError } from '../errors.ts';
import { challengeNotValid } from '../refusals.ts';
import type { Services } from '../services.ts';
import { acceptedOrLogged, CONSOLE_REQUIREMENTS, consoleRelyingParty, findChallenge } from './console-ceremonies.ts';

/**
 * Verifies the WebAuthn response of a person who has just created a passkey. Returns the challenge and the credential
 * that the response contains, and the time at which the ceremony began. Throws `InvalidInputError` when the challenge
 * does not belong to `ceremony` or the verification refuses the response.
 */
export async function verifyNewPasskey(services: Services, ceremony: Ceremony, passkey: RegistrationResponse) {
  const found = await findChallenge(services, passkey.response, ceremony);
  if (!found) throw challengeNotValid();
  const { challenge, beganAt } = found;
  const { attestation, authenticatorSelection } = CONSOLE_REQUIREMENTS;
  const { userVerification } = authenticatorSelection;
  // A cold start does not load the verification code, because most requests need no verification.
  const { verifyRegistration } = await import('../webauthn/registration.ts');
  const verification = await verifyRegistration(
    consoleRelyingParty(services),
    { challenge, attestation, userVerification },
    passkey,
  );
  const credential = acceptedOrLogged(services.log, verification);
  if (!credential) throw new InvalidInputError([fieldError('#/passkey/response', 'passkey-not-valid')]);
  return { challenge, beganAt, credential };
}
