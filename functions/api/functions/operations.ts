import { withSeenUsers } from '../../domain/metering/report-operations.ts';
import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { build as reportOperations } from '../metering/report-operations.ts';

/** Serves the report of operations alone: it takes most requests, and answers them with the least code. */
export const build = dispatch('operations', {
  'report-operations': reportOperations,
});
export const handler = onLambda(() =>
  build(withRememberedApiKeys(withSeenUsers(withCalendar(servicesFromEnvironment())))),
);
