import { updateUserBody } from '../../../contract/fss/users.ts';
import { versionOf, type User } from '../../../table/users/users.ts';
import { editUser } from '../../users/edit-user.ts';
import { checkUpdated } from '../check-updated.ts';
import { findFssUser } from './find-fss-user.ts';
import type { FssCall } from '../fss-call.ts';
import { fssUser } from './fss-user.ts';
import { parseBody } from '../parse-body.ts';
import { currentUserDetails } from '../signals.ts';

/**
 * Changes a user. Fields that the call leaves out stay as they are; null removes the display name or the attributes. If
 * the call asks to check `updated`, the user must be as it was at this time.
 */
export const updateUser: FssCall = async (services, request) => {
  const { caller } = request;
  const { user: asked, options } = parseBody(updateUserBody, request.body);
  const found = await findFssUser(services, request, asked.userId);
  const isChecked = checkUpdated(options, asked.updated, lastChangeOf(found));
  const edited = await editUser(
    services,
    caller,
    found.userId,
    {
      userName: asked.userName ?? undefined,
      displayName: asked.displayName,
      attributes: asked.userAttributes,
      disabled: asked.disabled ?? undefined,
    },
    isChecked ? versionOf(found) : undefined,
  );
  const user = fssUser(caller.rp.rpId, edited);
  return { data: { user, signalCurrentUserDetailsOptions: currentUserDetails(user) } };
};

const lastChangeOf = ({ updatedAt, registeredAt }: User): number => updatedAt ?? registeredAt;
