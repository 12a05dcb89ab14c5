import type { Context, ScheduledEvent } from 'aws-lambda';
import { openMetrics } from '../aws/metrics.ts';
import { closeMonths, type ClosingServices } from '../domain/statements/close-months.ts';
import { DAY, MINUTE } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../environment.ts';

/**
 * A run of this Lambda function begins to close a month of a customer only while more than this time, in milliseconds,
 * remains before the Lambda time-out. The time is enough for a customer with many RPs and users.
 */
const RESERVE = 3 * MINUTE;
/**
 * A month counts as overdue if the month is still open when this time, in milliseconds, has passed since the service
 * should have closed the month. If a month is overdue, the operator must find the cause, because later runs will
 * probably not close the month either. The cause is probably not the number of customers, because an hourly run can
 * close the months of about ten thousand customers.
 */
const OVERDUE_AFTER = DAY;

/**
 * Creates the hourly Lambda function that closes months. Each run ends before the time-out of the Lambda function, and
 * the next run closes the remaining months. If a month is overdue at the end of a run, the run adds 1 to the metric
 * `OverdueClosings`. Without this metric, nobody would notice the overdue month, because a run that runs out of time
 * ends without an error.
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

export const handler = onLambda(() => build({ ...withCalendar(servicesFromEnvironment()), metrics: openMetrics() }));
