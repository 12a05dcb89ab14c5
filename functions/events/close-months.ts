import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { metricsOf } from '../aws/metrics.ts';
import { closeMonths, type ClosingServices } from '../domain/statements/close-months.ts';
import { DAY, MINUTE } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../environment.ts';

/**
 * The time, in milliseconds, that a run reserves to close one last month, even for a customer with many RPs and users.
 */
const RESERVE = 3 * MINUTE;
/**
 * Runs close the months of about ten thousand customers per hour. If a month is still open a day after its closing was
 * due, the operator must find the cause, because later runs will not close the month either.
 */
const OVERDUE_AFTER = DAY;

/**
 * Creates the hourly function that closes months. A run ends before its time-out, and the next run closes the remaining
 * months. When a run ends and a month is still open more than a day after its closing was due, the run adds 1 to the
 * metric `OverdueClosings`. Without this metric, nobody would notice the open month, because each run ends without an
 * error.
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
