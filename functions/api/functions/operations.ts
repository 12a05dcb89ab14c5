import { withSeenUsers } from '../../domain/metering/report-operations.ts';
import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withEdge } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { operationsRoutes } from '../routes.ts';
import { build as reportOperations } from '../metering/report-operations.ts';

/**
 * Serves only the route to which RPs report their users' operations. This route gets most of the API's requests, so its
 * Lambda function, `operations`, loads as little code as possible.
 */
export const build = dispatch(operationsRoutes, {
  'report-operations': reportOperations,
});
export const handler = onLambda(() =>
  build(withRememberedApiKeys(withSeenUsers(withCalendar(withEdge(servicesFromEnvironment()))))),
);
