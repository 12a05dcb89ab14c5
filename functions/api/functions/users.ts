import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withEdge } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { build as getUser } from '../users/get-user.ts';
import { build as listUsers } from '../users/list-users.ts';
import { build as registerUsers } from '../users/register-users.ts';
import { build as removeUser } from '../users/remove-user.ts';

/** Serves the routes through which RPs manage their users. */
export const build = dispatch('users', {
  'list-users': listUsers,
  'register-users': registerUsers,
  'get-user': getUser,
  'remove-user': removeUser,
});
export const handler = onLambda(() => build(withRememberedApiKeys(withEdge(withCalendar(servicesFromEnvironment())))));
