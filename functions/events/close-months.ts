import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { metricsOf } from '../aws/metrics.ts';
import { closeMonths, type ClosingServices } from '../domain/statements/close-months.ts';
import { DAY, MINUTE } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../environment.ts';

/**
 * A run begins to close a month only while more than this time, in milliseconds, remains before the Lambda time-out.
 * The time is enough for a customer with many RPs and users.
 */
const RESERVE = 3 * MINUTE;
/**
 * An open month counts as overdue when its closing was due more than this time ago, in milliseconds. Each hourly run
 * closes the months of about ten thousand customers. If a month is still open a day after its closing was due, the
 * operator must find the cause, because later runs will probably not close the month either.
 */
const OVERDUE_AFTER = DAY;

/**
 * Creates the hourly Lambda function that closes months. Each run ends before the time-out of the Lambda function, and
 * the next run closes the remaining months. If a month is still open at the end of a run, and its closing was due more
 * than a day ago, the run adds 1 to the metric `OverdueClosings`. Without this metric, nobody would notice the open
 * month, because each run ends without an error.
 */
export function build(services: ClosingServices) {
  return async (_: ScheduledEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => {
    const { clock, calendar, metrics } = services;
    const report = await closeMonths(services, () => context.getRemainingTimeInMillis() > RESERVE);
    const isOverdue = clock.now() >= calendar.closingOf(report.through) + OVERDUE_AFTER;
    if (!report.complete && isOverdue) metrics.add('OverdueClosings', 1);
    return report;
  };
}

export const handler = onLambda(() =>
  build({ ...withCalendar(servicesFromEnvironment()), metrics: metricsOf(new Metrics()) }),
);
