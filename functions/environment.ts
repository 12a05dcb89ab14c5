import { Logger } from '@aws-lambda-powertools/logger';
import { createCalendar } from './domain/calendar.ts';
import { planCatalogue, type PlanServices } from './domain/licenses/plans.ts';
import type { CalendarServices, Log, Services } from './domain/services.ts';
import { openTable } from './table/engine/client.ts';

/**
 * What a Lambda function is told by its environment. Only this file reads it. In a function that was not told something,
 * this throws at its start, naming it, so that a deployment shows it and no request does.
 */
export function setting(
  name:
    | 'TABLE_NAME'
    | 'PLANS'
    | 'TIME_ZONE'
    | 'CONSOLE_URL'
    | 'SENDER'
    | 'CONFIGURATION_SET'
    | 'EMAILS_PER_SECOND'
    | 'CONTACT'
    | 'DISCARDING_QUEUE_URL'
    | 'CLOSING_RECORDS_TABLE_NAME'
    | 'SWEEP_AFTER_SECONDS'
    | 'AGGREGATOR_NAME',
): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

/** Creates the services that every function needs, from its environment. */
export function servicesFromEnvironment(): Services {
  return {
    table: openTable(setting('TABLE_NAME'), { random: Math.random }),
    clock: { now: () => Date.now() },
    log: lambdaLog(),
    consoleUrl: setting('CONSOLE_URL'),
  };
}

/** Adds the plan catalogue. Only functions that set or show plans do: parsing it takes a quarter of a bundle. */
export function withPlans<S extends Services>(services: S): S & PlanServices {
  return { ...services, plans: planCatalogue.parse(JSON.parse(setting('PLANS'))) };
}

/** Adds the calendar of the service's time zone. */
export function withCalendar<S extends Services>(services: S): S & Pick<CalendarServices, 'calendar'> {
  return { ...services, calendar: createCalendar(setting('TIME_ZONE')) };
}

/** JSON lines by Powertools, each with the function's name and version. */
function lambdaLog(): Log {
  const logger = new Logger();
  return {
    info: (message, fields = {}) => {
      logger.info(message, fields);
    },
    warn: (message, fields = {}) => {
      logger.warn(message, fields);
    },
    error: (message, fields = {}) => {
      logger.error(message, fields);
    },
  };
}

/**
 * Makes a Lambda handler: at the module's start in Lambda, so that a broken environment shows at once and clients are
 * ready before the first event; elsewhere, where only `build` is used, not at all.
 */
export function onLambda<Args extends unknown[], Result>(
  make: () => (...args: Args) => Result,
): (...args: Args) => Result {
  if (process.env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined) return make();
  let made: ((...args: Args) => Result) | undefined;
  return (...args) => (made ??= make())(...args);
}
