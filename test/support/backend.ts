import { startService, type ServiceOptions } from '../../local/service.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { examplePlans } from './example-plans.ts';

/** A running service, which a test uses through its URL. */
export interface Backend {
  readonly url: string;
  /** The origin of the console, which WebAuthn and the e-mailed links name. */
  readonly origin: string;
  readonly table: Table;
  stop(): Promise<void>;
}

/** Whether the tests run on the service that the CDK's templates deploy. `npm run test:deployed` sets this variable. */
export const isDeployed = process.env['DEPLOYED'] === 'true';

/**
 * Starts the local service, or deploys the service from the templates. Throws if the test wants to look into the
 * processes of the deployed service.
 */
export async function startBackend(options: ServiceOptions): Promise<Backend> {
  if (!isDeployed) {
    const service = await startService({ plans: examplePlans, ...options });
    return { url: service.url, origin: new URL(service.url).origin, table: service.table, stop: () => service.stop() };
  }
  const { startDeployedService } = await import('../deployed/cloud/service.ts');
  if (options.onTableOpen) throw new Error('Nobody can look into the processes of the deployed service.');
  return startDeployedService(options);
}
