import type { Context, ScheduledEvent } from 'aws-lambda';
import { summarizeCustomers } from '../domain/operator/summary/summarize-customers.ts';
import type { CalendarServices } from '../domain/services.ts';
import { SECOND } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../environment.ts';
import { withRequest } from '../with-request.ts';

/** A run reads and writes only while more than this time, in milliseconds, remains before the Lambda time-out. */
const RESERVE = 30 * SECOND;

/**
 * Creates the hourly Lambda function that stores a summary of all customers for the operators' pages. If a run throws
 * an `Error`, the pages keep the former summary, Lambda repeats the run, and the operator gets an alarm if no run
 * completes for hours.
 */
export function build(services: CalendarServices) {
  return async (_: ScheduledEvent, context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>) => {
    const { awsRequestId: run } = context;
    const own = withRequest(services, 'summarize-customers', run);
    const report = await summarizeCustomers(own, run, () => context.getRemainingTimeInMillis() > RESERVE);
    own.log.info('summary run', report);
    return report;
  };
}

export const handler = onLambda(() => build(withCalendar(servicesFromEnvironment())));
