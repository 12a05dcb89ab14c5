import { deleteUserBody } from '../../../contract/fss/users.ts';
import { readSettledContent } from '../../users/settled-content.ts';
import { removeUser } from '../../users/remove-user.ts';
import { userView } from '../../users/user-view.ts';
import { findFssUser } from './find-fss-user.ts';
import type { FssCall } from '../fss-call.ts';
import { fssCredentials } from '../credentials/fss-credential.ts';
import { fssUser } from './fss-user.ts';
import { parseBody } from '../parse-body.ts';
import { allAcceptedCredentials } from '../signals.ts';

/**
 * Removes a user with all credentials. Returns both as they were just before. The list of accepted credentials is
 * empty, so that browsers drop the user's passkeys.
 */
export const deleteUser: FssCall = async (services, request) => {
  const { rp, rpRef } = request.caller;
  const { userId } = parseBody(deleteUserBody, request.body);
  const found = await findFssUser(services, request, userId);
  const { handle, credentials } = await readSettledContent(services.table, rpRef, found);
  const user = fssUser(rp.rpId, userView(found, handle));
  const removed = await fssCredentials(services.table, rpRef, user, credentials);
  await removeUser(services, request.caller, found.userId);
  return {
    data: { user, credentials: removed, signalAllAcceptedCredentialsOptions: allAcceptedCredentials(user, []) },
  };
};
