import { fixTimeZone } from '../domain/metering/fix-time-zone.ts';
import type { Services } from '../domain/services.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';

/**
 * Creates the function that checks the service's time zone. Every deployment calls the function first. When the time
 * zone was changed, the function throws, and so the deployment fails.
 */
export function build(services: Pick<Services, 'table'>, timeZone: string) {
  return () => fixTimeZone(services, timeZone);
}

export const handler = onLambda(() => build(servicesFromEnvironment(), setting('TIME_ZONE')));
