import { readTakenCredentialId, type WholeCredential } from '../../../table/users/credentials.ts';
import { getUser } from '../../users/get-user.ts';
import type { FssRequest, FssServices } from '../fss-call.ts';
import { fssCredential, type Evidence } from './fss-credential.ts';
import { fssUser } from '../users/fss-user.ts';

/**
 * Returns a credential and its user, as they are now, in the FSS format. `userId` is that of the native routes.
 * `evidence` is the response at the registration. @default - what the service has kept of it
 */
export async function withUser(
  services: FssServices,
  { caller }: FssRequest,
  userId: string,
  credential: WholeCredential,
  evidence?: Evidence,
) {
  const [found, kept] = await Promise.all([
    getUser(services, caller, userId),
    evidence ?? readTakenCredentialId(services.table, caller.rpRef, credential.credentialId, 'strong'),
  ]);
  const user = fssUser(caller.rp.rpId, found);
  return { user, credential: fssCredential(user, credential, kept) };
}
