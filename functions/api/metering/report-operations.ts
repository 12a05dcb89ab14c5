import { reportOperationsContract as contract } from '../../contract/users.ts';
import { withRememberedApiKeys, type ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import type { MeteringServices } from '../../domain/metering/record-active-users.ts';
import { reportOperations, withSeenUsers } from '../../domain/metering/report-operations.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'report-operations', typeof contract, MeteringServices & ApiKeyServices>(
  'report-operations',
  contract,
  async ({ caller, body, receivedAt }, services) => ({
    body: { results: await reportOperations(services, caller, body, receivedAt) },
  }),
);
export const handler = onLambda(() =>
  build(withRememberedApiKeys(withSeenUsers(withCalendar(servicesFromEnvironment())))),
);
