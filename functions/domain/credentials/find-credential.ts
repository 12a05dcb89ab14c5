import type { Table } from '../../table/engine/client.ts';
import { readCredential, type CredentialName, type WholeCredential } from '../../table/users/credentials.ts';
import { readUser } from '../../table/users/users.ts';
import { noSuchCredential, noSuchUser } from '../refusals.ts';

/** A credential that was found, and the name under which the table has it. */
export interface FoundCredential {
  readonly name: CredentialName;
  readonly credential: WholeCredential;
}

/** Names a credential in a request: the IDs of the user and of the credential. */
export interface RequestedCredential {
  readonly userId: string;
  /** The credential ID of WebAuthn, as base64url. */
  readonly credentialId: string;
}

/**
 * Finds a credential of a user with strongly consistent reads. Throws `NotFoundError` when the RP has no such user, and
 * `CeremonyRefusedError` (`credential-unknown`) when the user has no such credential.
 */
export async function findCredential(
  table: Table,
  rpRef: string,
  { userId, credentialId }: RequestedCredential,
): Promise<FoundCredential> {
  const user = await readUser(table, rpRef, userId, 'strong');
  if (!user) throw noSuchUser();
  if (user.userHandle === undefined || !user.hasHandleItem) throw noSuchCredential();
  const name = { rpRef, userHandle: user.userHandle, credentialId };
  const credential = await readCredential(table, name, 'strong');
  if (!credential) throw noSuchCredential();
  return { name, credential };
}
