import type { AttestationConveyancePreference, AuthenticatorSelectionCriteria } from '@simplewebauthn/server';
import { ALGORITHMS } from './algorithms.ts';
import type { RelyingParty } from './relying-party.ts';

/** The user for whom the authenticator creates a credential. */
export interface UserEntity {
  /** The user handle, as base64url: 1 to 64 bytes without personal data. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

/**
 * A credential that the user already has. The authenticator that holds this credential must not create another
 * credential for the user.
 */
export interface ExcludedCredential {
  /** The credential ID, as base64url. */
  readonly id: string;
  readonly transports: readonly string[];
}

/** The RP's requirements for the new credential. The properties have the same names as in WebAuthn. */
export interface CreationRequirements {
  readonly attestation: AttestationConveyancePreference;
  readonly authenticatorSelection: AuthenticatorSelectionCriteria;
}

/** Returns the `PublicKeyCredentialCreationOptionsJSON` of a registration. `timeout` is in milliseconds. */
export function creationOptions<Requirements extends CreationRequirements>(
  { rpId, name }: RelyingParty,
  user: UserEntity,
  ceremony: {
    readonly challenge: string;
    readonly timeout: number;
    readonly excludeCredentials: readonly ExcludedCredential[];
  },
  requirements: Requirements,
) {
  const { challenge, timeout, excludeCredentials } = ceremony;
  return {
    rp: { id: rpId, name },
    user: { ...user },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
    timeout,
    excludeCredentials: excludeCredentials.map(({ id, transports }) => ({
      id,
      type: 'public-key' as const,
      transports: [...transports],
    })),
    ...requirements,
  };
}
