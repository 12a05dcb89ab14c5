import type { ExportedCredential, ExportItem } from '../../contract/moving-credentials.ts';
import type { WholeCredential } from '../../table/users/credentials.ts';
import type { User } from '../../table/users/users.ts';
import { toIso } from '../time.ts';
import { userNameOf } from '../users/user-names.ts';
import { spkiOf } from '../webauthn/spki.ts';

type Attributes = ExportItem['user']['attributes'];
const parsed = (attributes: string) => JSON.parse(attributes) as Attributes;

/** Converts a user, and a credential of the user, to the form in which an RP exports and imports them. */
export function movedItem(user: User, credential: WholeCredential | undefined): ExportItem {
  const { userId, displayName, attributes, disabled = false, userHandle = null } = user;
  return {
    user: {
      userId,
      userName: userNameOf(user),
      displayName,
      attributes: attributes === undefined ? null : parsed(attributes),
      disabled,
      userHandle,
    },
    credential: credential ? movedCredential(credential) : null,
  };
}

/** Converts a credential to the form in which an RP exports and imports it. */
export function movedCredential(credential: WholeCredential): ExportedCredential {
  const { publicKey, attributes, authenticator, createdAt, lastUsedAt } = credential;
  return {
    id: credential.credentialId,
    publicKey: spkiOf(publicKey),
    cosePublicKey: Buffer.from(publicKey).toString('base64url'),
    algorithm: credential.algorithm,
    signCount: credential.signCount,
    transports: [...credential.transports],
    discoverable: credential.discoverable,
    backupEligible: credential.backupEligible,
    backedUp: credential.backedUp,
    userVerified: credential.userVerified,
    aaguid: authenticator?.aaguid ?? null,
    name: credential.name,
    attributes: attributes === null ? null : parsed(attributes),
    disabled: credential.disabled ?? false,
    createdAt: toIso(createdAt),
    lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt),
  };
}
