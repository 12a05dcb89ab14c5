import { lambdaLog } from './aws/lambda-log.ts';
import { openStageSecrets } from './aws/stage-secrets.ts';
import { newRefusalLimits, type RefusalServices } from './domain/activity/refusal-limits.ts';
import { createCalendar } from './domain/calendar.ts';
import { rememberedSecrets, type SecretServices } from './domain/fido2/sealing/ceremony-secrets.ts';
import type { CeremonyServices } from './domain/fido2/ceremony-services.ts';
import { planCatalogue, type PlanServices } from './domain/licenses/plans.ts';
import type { VerifyingServices } from './domain/rps/domain-verification.ts';
import type { CalendarServices, Services } from './domain/services.ts';
import { newTokenKeyMemory } from './domain/fido2/tokens/token-key-memory.ts';
import type { EdgeServices } from './http/edge.ts';
import { openTable } from './table/engine/client.ts';

/**
 * Returns an environment variable of the Lambda function. No other file in `functions/` reads environment variables.
 * When the variable is missing or empty, throws an error that names the variable. Each Lambda function reads its
 * settings when it starts, so that a missing setting makes the start fail instead of a later request.
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
    | 'EDGE_SECRETS'
    | 'ONLY_THROUGH_CLOUDFRONT'
    | 'DISCARDING_QUEUE_URL'
    | 'LINKS_QUEUE_URL'
    | 'NOTICES_QUEUE_URL'
    | 'WEBHOOKS_QUEUE_URL'
    | 'CLOSING_RECORDS_TABLE_NAME'
    | 'SWEEP_AFTER_SECONDS'
    | 'AGGREGATOR_NAME'
    | 'UNSUBSCRIBE_GRACE_HOURS'
    | 'VERIFY_DOMAINS'
    | 'STAGE_SECRET'
    | 'SIGNALS_UNKNOWN_CREDENTIALS'
    | 'METADATA_URL'
    | 'COPIES_BUCKET'
    | 'COPIES_REGION'
    | 'EVENT_SOURCE_MAPPINGS',
): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

/** Returns whether the function copies statements and closing records to a bucket. */
export const hasCopies = (): boolean => process.env['COPIES_BUCKET'] !== undefined;

/** Creates the services that every Lambda function needs, from the function's environment variables. */
export function servicesFromEnvironment(): Services {
  return {
    table: openTable(setting('TABLE_NAME'), { random: Math.random }),
    clock: { now: () => Date.now() },
    log: lambdaLog(),
    consoleUrl: setting('CONSOLE_URL'),
  };
}

/**
 * Returns the services together with the catalogue of the license plans. Only Lambda functions that use the plans call
 * `withPlans`, because the code that parses the catalogue makes up a quarter of a Lambda function's bundle.
 */
export function withPlans<S extends Services>(services: S): S & PlanServices {
  return { ...services, plans: planCatalogue.parse(JSON.parse(setting('PLANS'))) };
}

/** Returns the services together with a calendar for the service's time zone. */
export function withCalendar<S extends Services>(services: S): S & Pick<CalendarServices, 'calendar'> {
  return { ...services, calendar: createCalendar(setting('TIME_ZONE')) };
}

/** Returns the services together with the settings that let the API recognize requests from CloudFront. */
export function withEdge<S extends Services>(services: S): S & EdgeServices {
  const secrets = setting('EDGE_SECRETS').split(',');
  const required = setting('ONLY_THROUGH_CLOUDFRONT') as EdgeServices['edge']['required'];
  return { ...services, edge: { secrets, required } };
}

/** Returns the services together with the setting that says whether this stage verifies the domains of RPs. */
export function withVerifyDomains<S extends Services>(services: S): S & VerifyingServices {
  return { ...services, verifyDomains: setting('VERIFY_DOMAINS') === 'true' };
}

/**
 * Returns the services together with the secrets of the stage. The process reads them when it first needs them, and not
 * when the function starts.
 */
export function withStageSecrets<S extends Services>(services: S): S & SecretServices {
  return { ...services, ...rememberedSecrets(openStageSecrets(setting('STAGE_SECRET')), services.clock) };
}

/** The services that only ceremonies need. */
type CeremonyServicesOnly = Omit<CeremonyServices & RefusalServices, keyof CalendarServices>;

/** Returns the services together with those that ceremonies need. */
export function withCeremonies<S extends Services>(services: S): S & CeremonyServicesOnly {
  return {
    ...withStageSecrets(withVerifyDomains(services)),
    signalsUnknownCredentials: setting('SIGNALS_UNKNOWN_CREDENTIALS') === 'true',
    tokenKeys: newTokenKeyMemory(services.clock),
    refusalLimits: newRefusalLimits(services.clock),
  };
}

/**
 * Returns the Lambda handler that `make` creates. In Lambda, `onLambda` calls `make` when the module loads. So a wrong
 * environment variable makes the start of the function fail, and the AWS clients exist before the first event. Outside
 * Lambda, the returned handler calls `make` at the first event, so code that imports a module only for `build`, the
 * function that creates the module's handler, needs no environment variables.
 */
export function onLambda<Args extends unknown[], Result>(
  make: () => (...args: Args) => Result,
): (...args: Args) => Result {
  if (process.env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined) return make();
  let made: ((...args: Args) => Result) | undefined;
  return (...args) => (made ??= make())(...args);
}
