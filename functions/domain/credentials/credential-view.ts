import type { CredentialView } from '../../contract/credentials.ts';
import type { WholeCredential } from '../../table/users/credentials.ts';
import { toIso } from '../time.ts';
import { spkiOf } from '../webauthn/spki.ts';

/**
 * Converts a credential to the form that API responses use. Names each member of the maps: DynamoDB returns the members
 * of a map in any order, and equal credentials have equal JSON texts.
 */
export function credentialView(credential: WholeCredential): CredentialView {
  const { credentialId, name, attributes, authenticator, publicKey, algorithm, transports } = credential;
  const { discoverable, backupEligible, backedUp, userVerified, signCount, attestation } = credential;
  const { createdAt, lastUsedAt, version } = credential;
  return {
    id: credentialId,
    name,
    attributes: attributes === null ? null : (JSON.parse(attributes) as CredentialView['attributes']),
    authenticator: authenticator && { aaguid: authenticator.aaguid, name: authenticator.name },
    publicKey: spkiOf(publicKey),
    algorithm,
    transports: [...transports],
    discoverable,
    backupEligible,
    backedUp,
    userVerified,
    signCount,
    attestation: { format: attestation.format, type: attestation.type, trusted: attestation.trusted },
    disabled: credential.disabled ?? false,
    createdAt: toIso(createdAt),
    lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt),
    version,
  };
}
