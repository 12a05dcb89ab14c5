import { fixTimeZone } from '../domain/metering/fix-time-zone.ts';
import type { Services } from '../domain/services.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';

/**
 * Creates the check of the time zone, which every deployment runs first. The check, and with it the deployment, fails
 * when the time zone was changed.
 */
export function build(services: Pick<Services, 'table'>, timeZone: string) {
  return () => fixTimeZone(services, timeZone);
}

export const handler = onLambda(() => build(servicesFromEnvironment(), setting('TIME_ZONE')));
