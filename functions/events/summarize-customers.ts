import { randomUUID } from 'node:crypto';
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
 * an `Error`, the pages keep the former summary, and its claim ends before the next hourly run. The operator gets an
 * alarm if no run completes for hours.
 */
export function build(services: CalendarServices) {
  return async (_: ScheduledEvent, context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>) => {
    const { awsRequestId: run } = context;
    const own = withRequest(services, 'summarize-customers', run);
    // Lambda may deliver an event twice at once, with the same request ID. Each of the two must be a run of its own.
    const claimant = `${run} ${randomUUID()}`;
    const report = await summarizeCustomers(own, claimant, () => context.getRemainingTimeInMillis() > RESERVE);
    // Otherwise, an invocation that Lambda repeats after a failure would count as a completed run.
    if (report.outcome === 'claimed') throw new Error('Another run is storing the summary, or failed a moment ago.');
    own.log.info('summary run', report);
    return report;
  };
}

export const handler = onLambda(() => build(withCalendar(servicesFromEnvironment())));
