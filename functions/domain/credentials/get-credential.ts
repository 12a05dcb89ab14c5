import type { CredentialView } from '../../contract/credentials.ts';
import type { UserManager } from '../callers.ts';
import type { Services } from '../services.ts';
import { credentialView } from './credential-view.ts';
import { findCredential, type RequestedCredential } from './find-credential.ts';

/** Returns a credential of a user of the RP. Throws the errors of `findCredential`. */
export async function getCredential(
  { table }: Services,
  { rpRef }: UserManager,
  requested: RequestedCredential,
): Promise<CredentialView> {
  return credentialView((await findCredential(table, rpRef, requested)).credential);
}
