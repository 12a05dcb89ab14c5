import { fixTimeZone } from '../domain/metering/fix-time-zone.ts';
import type { Services } from '../domain/services.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';

/**
 * Creates the Lambda function that checks the service's time zone. Every deployment first calls this Lambda function.
 * If the time zone differs from the time zone of the first deployment, the Lambda function throws an error, and the
 * deployment fails.
 */
export function build(services: Pick<Services, 'table'>, timeZone: string) {
  return () => fixTimeZone(services, timeZone);
}

export const handler = onLambda(() => build(servicesFromEnvironment(), setting('TIME_ZONE')));
