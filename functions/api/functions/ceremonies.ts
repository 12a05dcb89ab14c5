import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withCeremonies, withEdge } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { ceremoniesRoutes } from '../routes.ts';
import { build as authenticateUser } from '../fido2/authenticate-user.ts';
import { build as registerCredential } from '../fido2/register-credential.ts';
import { build as requestAuthenticationOptions } from '../fido2/request-authentication-options.ts';
import { build as requestRegistrationOptions } from '../fido2/request-registration-options.ts';

/** Serves the WebAuthn ceremonies of RPs' users. */
export const build = dispatch(ceremoniesRoutes, {
  'request-registration-options': requestRegistrationOptions,
  'register-credential': registerCredential,
  'request-authentication-options': requestAuthenticationOptions,
  'authenticate-user': authenticateUser,
});
export const handler = onLambda(() =>
  build(withCeremonies(withRememberedApiKeys(withEdge(withCalendar(servicesFromEnvironment()))))),
);
