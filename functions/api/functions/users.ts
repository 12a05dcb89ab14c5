import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withEdge, withVerifyDomains } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { usersRoutes } from '../routes.ts';
import { build as editCredential } from '../credentials/edit-credential.ts';
import { build as editUser } from '../users/edit-user.ts';
import { build as exportCredentials } from '../credentials/export-credentials.ts';
import { build as getCredential } from '../credentials/get-credential.ts';
import { build as getOwnRp } from '../rps/get-own-rp.ts';
import { build as getUser } from '../users/get-user.ts';
import { build as importCredentials } from '../credentials/import-credentials.ts';
import { build as listCredentials } from '../credentials/list-credentials.ts';
import { build as listUsers } from '../users/list-users.ts';
import { build as registerUsers } from '../users/register-users.ts';
import { build as removeCredential } from '../credentials/remove-credential.ts';
import { build as removeUser } from '../users/remove-user.ts';

/** Serves the routes through which RPs read themselves, and manage their users and the users' credentials. */
export const build = dispatch(usersRoutes, {
  'get-own-rp': getOwnRp,
  'list-users': listUsers,
  'register-users': registerUsers,
  'get-user': getUser,
  'edit-user': editUser,
  'remove-user': removeUser,
  'list-credentials': listCredentials,
  'get-credential': getCredential,
  'edit-credential': editCredential,
  'remove-credential': removeCredential,
  'import-credentials': importCredentials,
  'export-credentials': exportCredentials,
});
export const handler = onLambda(() =>
  build(withRememberedApiKeys(withVerifyDomains(withEdge(withCalendar(servicesFromEnvironment()))))),
);
