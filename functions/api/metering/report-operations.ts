import { reportOperationsContract as contract } from '../../contract/operations.ts';
import type { ApiKeyServices } from '../../domain/rps/authenticate-api-key.ts';
import type { MeteringServices } from '../../domain/metering/record-active-users.ts';
import { reportOperations } from '../../domain/metering/report-operations.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint<'report-operations', typeof contract, MeteringServices & ApiKeyServices>(
  'report-operations',
  contract,
  async ({ caller, body, receivedAt }, services) => ({
    body: { results: await reportOperations(services, caller, body, receivedAt) },
  }),
);
