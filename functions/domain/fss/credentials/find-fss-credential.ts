import { credentialId as validCredentialId } from '../../../contract/values/bytes.ts';
import type { WholeCredential } from '../../../table/users/credentials.ts';
import type { User } from '../../../table/users/users.ts';
import { findCredential } from '../../credentials/find-credential.ts';
import { findFssUser } from '../users/find-fss-user.ts';
import type { FssRequest, FssServices } from '../fss-call.ts';
import { credentialNotFound } from '../fss-errors.ts';

/** A credential that was found, and its user. */
export interface FoundFssCredential {
  readonly user: User;
  readonly credential: WholeCredential;
}

/**
 * Finds a credential of a user, with strongly consistent reads. A text that is no credential ID belongs to no
 * credential. Throws `FssError` with `NOT_FOUND` when there is no such user or credential, or one of them is disabled
 * and the call does not ask for disabled ones.
 */
export async function findFssCredential(
  services: FssServices,
  request: FssRequest,
  { userId, credentialId }: { readonly userId: string; readonly credentialId: string },
  { withDisabledUser, withDisabledCredential }: { withDisabledUser: boolean; withDisabledCredential: boolean },
): Promise<FoundFssCredential> {
  const user = await findFssUser(services, request, userId, withDisabledUser);
  if (!validCredentialId.safeParse(credentialId).success) throw credentialNotFound();
  const named = { userId: user.userId, credentialId };
  const { credential } = await findCredential(services.table, request.caller.rpRef, named);
  if (credential.disabled && !withDisabledCredential) throw credentialNotFound('CREDENTIAL_IS_DISABLED');
  return { user, credential };
}

/** The choice of a call that changes something: disabled users and credentials are there. */
export const WITH_DISABLED = { withDisabledUser: true, withDisabledCredential: true };
