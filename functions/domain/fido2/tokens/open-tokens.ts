import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { RpServer } from '../../callers.ts';
import type { CeremonyServices } from '../ceremony-services.ts';
import type { CeremonyType } from '../sealing/sealed-ceremony.ts';
import { parseAuthenticatorData } from '../../webauthn/authenticator-data.ts';
import { originIn } from '../../webauthn/client-data.ts';
import { findTokenKey } from './find-token-key.ts';
import { tokenIssuerOf } from './token-issuer.ts';

/** An accepted ceremony that a token tells another service about. */
export interface ProvenCeremony {
  readonly type: CeremonyType;
  readonly challenge: string;
  readonly userId: string;
  readonly credentialId: string;
  /** The time at which the service accepted the ceremony, in epoch milliseconds. */
  readonly acceptedAt: number;
  /** The authenticator data of the accepted response. */
  readonly authenticatorData: Uint8Array;
  /** The accepted response. */
  readonly response: { readonly clientDataJSON: string };
}

/** How long a token is valid after its ceremony, in seconds. */
const VALID_SECONDS = 60;

/**
 * Finds the key that signs the tokens of an RP. Returns a function that returns the token of a ceremony. An RP asks for
 * a token before a ceremony is accepted, so that a fault in the search for the key uses nothing up.
 *
 * Every claim follows from the accepted ceremony. So a repeated request gets a token with the same claims, and no
 * request gets a token that ends later than 60 seconds after its ceremony.
 */
export async function openTokens(
  services: CeremonyServices,
  caller: RpServer,
): Promise<(ceremony: ProvenCeremony) => Promise<string>> {
  const { kid, privateKey } = await findTokenKey(services, caller);
  const issuer = tokenIssuerOf(services.consoleUrl, caller.rpRef);
  return ({ type, challenge, userId, credentialId, acceptedAt, authenticatorData, response }) => {
    const { userPresent, userVerified, backupEligible, backedUp } = parseAuthenticatorData(authenticatorData);
    const time = Math.floor(acceptedAt / 1_000);
    return new SignJWT({
      ...{ iss: issuer, aud: caller.rp.rpId, sub: userId, iat: time, exp: time + VALID_SECONDS },
      jti: tokenIdOf(challenge, credentialId),
      auth_time: time,
      amr: ['pop', ...(userPresent ? ['user'] : []), ...(userVerified ? ['mfa'] : [])],
      ceremony: type,
      credential_id: credentialId,
      user_verified: userVerified,
      backup_eligible: backupEligible,
      backed_up: backedUp,
      origin: originIn(response),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid })
      .sign(privateKey);
  };
}

/** Returns the ID of a token. Several credentials can end an unnamed ceremony, each of them once. */
const tokenIdOf = (challenge: string, credentialId: string): string =>
  createHash('sha256').update(`${challenge} ${credentialId}`).digest('base64url');
