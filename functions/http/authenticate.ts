import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CallerKind } from '../api/routes.ts';
import { authenticateApiKey, type ApiKeyServices } from '../domain/authenticate-api-key.ts';
import { authenticateSession } from '../domain/authenticate-session.ts';
import type { AdministratorCaller, RpCaller } from '../domain/callers.ts';
import { ForbiddenError } from '../domain/errors.ts';
import type { Services } from '../domain/services.ts';
import { apiKey, sessionToken } from './credentials.ts';

/** Gives the caller of a request, undefined for anyone; throws `UnauthenticatedError` or `ForbiddenError`. */
export async function authenticate(
  kind: CallerKind,
  event: APIGatewayProxyEventV2,
  services: Services,
): Promise<AdministratorCaller | RpCaller | undefined> {
  switch (kind) {
    case 'anyone':
      return undefined;
    case 'rp':
      return authenticateApiKey(services as ApiKeyServices, apiKey(event));
    case 'administrator':
      return authenticateSession(services, sessionToken(event, services.consoleUrl));
    case 'privileged': {
      const caller = await authenticateSession(services, sessionToken(event, services.consoleUrl));
      const { administrator, customer } = caller;
      if (administrator.privilege !== 'privileged' && administrator.administratorId !== customer.representativeId) {
        throw new ForbiddenError('Only privileged administrators may do this.');
      }
      return caller;
    }
    case 'representative': {
      const caller = await authenticateSession(services, sessionToken(event, services.consoleUrl));
      if (caller.administrator.administratorId !== caller.customer.representativeId) {
        throw new ForbiddenError('Only the representative may do this.');
      }
      return caller;
    }
  }
}
