import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withEdge, withVerifyDomains } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { build as getOwnRp } from '../rps/get-own-rp.ts';
import { build as getUser } from '../users/get-user.ts';
import { build as listUsers } from '../users/list-users.ts';
import { build as registerUsers } from '../users/register-users.ts';
import { build as removeUser } from '../users/remove-user.ts';

/** Serves the routes through which RPs read themselves and manage their users. */
export const build = dispatch('users', {
  'get-own-rp': getOwnRp,
  'list-users': listUsers,
  'register-users': registerUsers,
  'get-user': getUser,
  'remove-user': removeUser,
});
export const handler = onLambda(() =>
  build(withRememberedApiKeys(withVerifyDomains(withEdge(withCalendar(servicesFromEnvironment()))))),
);
