import { setTimeout as sleep } from 'node:timers/promises';
import { untilAllowed, type UntilAllowedServices } from '../aws/until-allowed.ts';
import { fixTimeZone } from '../domain/metering/fix-time-zone.ts';
import type { Services } from '../domain/services.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';

/**
 * Creates the Lambda function that stores the service's time zone at the first deployment and checks the time zone at
 * later deployments. A deployment that changes this function's code or environment calls the function before the
 * deployment updates the other Lambda functions. If the time zone differs from the stored time zone, the function
 * throws an error, and the deployment fails. At the first deployment, IAM may not have applied the rights of the
 * function's role yet, so the function tries again for a minute while the access is denied.
 *
 * If the process dies before it has stored the time zone, the deployment fails, and the next one stores the time zone.
 * If it dies afterwards, the next deployment finds the same time zone.
 */
export function build(services: Pick<Services, 'table'> & UntilAllowedServices, timeZone: string) {
  return () => untilAllowed(services, () => fixTimeZone(services, timeZone));
}

export const handler = onLambda(() =>
  build({ ...servicesFromEnvironment(), pause: (milliseconds) => sleep(milliseconds) }, setting('TIME_ZONE')),
);
