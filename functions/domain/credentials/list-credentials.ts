import type { CredentialView } from '../../contract/credentials.ts';
import { readUser } from '../../table/users/users.ts';
import type { UserManager } from '../callers.ts';
import { listAnswer } from '../pages.ts';
import { noSuchUser } from '../refusals.ts';
import type { Services } from '../services.ts';
import { readSettledContent } from '../users/settled-content.ts';
import { credentialView } from './credential-view.ts';

/**
 * Returns all credentials of a user, at most 20, the oldest first. The reads are strongly consistent. Throws
 * `NotFoundError` when the RP has no such user.
 */
export async function listCredentials({ table }: Services, { rpRef }: UserManager, userId: string) {
  const user = await readUser(table, rpRef, userId, 'strong');
  if (!user) throw noSuchUser();
  const { credentials } = await readSettledContent(table, rpRef, user);
  const sorted = credentials.toSorted(
    (a, b) => a.createdAt - b.createdAt || a.credentialId.localeCompare(b.credentialId),
  );
  return listAnswer<CredentialView>(sorted.map(credentialView), undefined);
}
