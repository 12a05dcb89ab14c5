import { registerUserBody } from '../../../contract/fss/users.ts';
import { registerUser as register } from '../../users/register-user.ts';
import type { FssCall } from '../fss-call.ts';
import { fssUser } from './fss-user.ts';
import { parseBody } from '../parse-body.ts';

/** Registers a user without a credential. The user handle is also the user ID of the native routes. */
export const registerUser: FssCall = async (services, { caller, body }) => {
  const { user } = parseBody(registerUserBody, body, { 'user.userName': 'REQUIRE_USER_NAME' });
  const { userId, userName, displayName, userAttributes, disabled } = user;
  const profile = { userId, userHandle: userId, userName, displayName, attributes: userAttributes };
  return { data: { user: fssUser(caller.rp.rpId, await register(services, caller, profile, disabled ?? false)) } };
};
