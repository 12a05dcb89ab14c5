import { fixTimeZone } from '../domain/metering/fix-time-zone.ts';
import type { Services } from '../domain/services.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';

/**
 * Creates the Lambda function that stores the service's time zone at the first deployment and checks the time zone at
 * later deployments. A deployment that changes this function's code or environment calls the function before the
 * deployment updates the other Lambda functions. If the time zone differs from the stored time zone, the function
 * throws an error, and the deployment fails.
 */
export function build(services: Pick<Services, 'table'>, timeZone: string) {
  return () => fixTimeZone(services, timeZone);
}

export const handler = onLambda(() => build(servicesFromEnvironment(), setting('TIME_ZONE')));
