import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CallerKind } from '../api/routes.ts';
import { authenticateApiKey, type ApiKeyServices } from '../domain/rps/authenticate-api-key.ts';
import { authenticateSession } from '../domain/sessions/authenticate-session.ts';
import type { AdministratorCaller, OperatorCaller, RpServer } from '../domain/callers.ts';
import { ForbiddenError, ReauthenticationRequiredError, UnauthenticatedError } from '../domain/errors.ts';
import type { Services } from '../domain/services.ts';
import { apiKey, MEANT_FOR, sessionToken } from './credentials.ts';

/**
 * Authenticates the caller of a request and returns the caller. Returns undefined when `kind`, the kind of caller that
 * the route accepts, is `anyone`. Throws `UnauthenticatedError` when the credential is missing or not valid,
 * `ForbiddenError` when the caller lacks a right that `kind` requires, and `ReauthenticationRequiredError` when the
 * session may only add a passkey and `kind` requires a full session.
 */
export async function authenticate(
  kind: CallerKind,
  event: APIGatewayProxyEventV2,
  services: Services,
): Promise<AdministratorCaller | OperatorCaller | RpServer | undefined> {
  switch (kind) {
    case 'anyone':
      return undefined;
    case 'rp':
      // The types in endpoint.ts guarantee that `authenticate` receives `ApiKeyServices` when `kind` is `rp`.
      return authenticateApiKey(services as ApiKeyServices, apiKey(event));
    case 'fss':
      throw new Error('The endpoint of the FSS format authenticates its callers itself.');
    case 'operator': {
      // Only the function `operator` has such routes, so the other functions never load this code.
      const { authenticateOperator } = await import('../domain/operators/authenticate-operator.ts');
      return authenticateOperator(services, sessionToken(event, services.consoleUrl, 'operator'));
    }
    case 'signed-in':
      return signedIn(event, services);
    case 'administrator':
      return fullySignedIn(event, services);
    case 'privileged': {
      const caller = await fullySignedIn(event, services);
      const { administrator, customer } = caller;
      if (administrator.privilege !== 'privileged' && administrator.administratorId !== customer.representativeId) {
        throw new ForbiddenError('Only a privileged administrator can do this.');
      }
      return caller;
    }
    case 'representative': {
      const caller = await fullySignedIn(event, services);
      if (caller.administrator.administratorId !== caller.customer.representativeId) {
        throw new ForbiddenError('Only the representative can do this.');
      }
      return caller;
    }
  }
}

/**
 * Returns the administrator of the request's session. All tabs of a browser share one session cookie. So each tab names
 * its administrator in the header `Administrator-Id`. Throws `UnauthenticatedError` when the session belongs to another
 * administrator, for example because that administrator has signed in more recently in another tab.
 */
async function signedIn(event: APIGatewayProxyEventV2, services: Services): Promise<AdministratorCaller> {
  const caller = await authenticateSession(services, sessionToken(event, services.consoleUrl));
  const meant = event.headers[MEANT_FOR.toLowerCase()];
  if (meant !== undefined && meant !== caller.administrator.administratorId) {
    throw new UnauthenticatedError(
      `The session belongs to another administrator than the header ${MEANT_FOR} names. Nothing was changed. Sign in again.`,
    );
  }
  return caller;
}

/**
 * Returns the administrator of the request's session, which must be a full session. Throws
 * `ReauthenticationRequiredError` for a session that may only add a passkey.
 */
async function fullySignedIn(event: APIGatewayProxyEventV2, services: Services): Promise<AdministratorCaller> {
  const caller = await signedIn(event, services);
  if (caller.session.mayOnly !== undefined) {
    throw new ReauthenticationRequiredError(
      'This session was created with a recovery link and can only add a passkey. Add a passkey, or sign in with a passkey.',
    );
  }
  return caller;
}
