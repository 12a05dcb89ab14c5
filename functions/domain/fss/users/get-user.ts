import { getUserBody } from '../../../contract/fss/users.ts';
import { readSettledContent } from '../../users/settled-content.ts';
import { userView } from '../../users/user-view.ts';
import { findFssUser } from './find-fss-user.ts';
import type { FssCall } from '../fss-call.ts';
import { fssCredentials } from '../credentials/fss-credential.ts';
import { fssUser } from './fss-user.ts';
import { parseBody } from '../parse-body.ts';
import { currentUserDetails } from '../signals.ts';

/** Returns a user and the user's credentials. Leaves out disabled credentials unless the call asks for them. */
export const getUser: FssCall = async (services, request) => {
  const { rp, rpRef } = request.caller;
  const asked = parseBody(getUserBody, request.body);
  const found = await findFssUser(services, request, asked.userId, asked.withDisabledUser);
  const { handle, credentials } = await readSettledContent(services.table, rpRef, found);
  const user = fssUser(rp.rpId, userView(found, handle));
  const shown = credentials.filter(({ disabled }) => !disabled || asked.withDisabledCredential);
  return {
    data: {
      user,
      credentials: await fssCredentials(services.table, rpRef, user, shown),
      signalCurrentUserDetailsOptions: currentUserDetails(user),
    },
  };
};
