import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { metricsOf } from '../aws/metrics.ts';
import { closeMonths, type ClosingServices } from '../domain/statements/close-months.ts';
import { DAY, MINUTE } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../environment.ts';

/** What one month of a customer with many RPs and users may take at the end of a run. */
const RESERVE = 3 * MINUTE;
/** Runs go through some ten thousand customers an hour: what is open a day after it was due is not being caught up. */
const OVERDUE_AFTER = DAY;

/**
 * Makes the closing of months: fired hourly, it ends in good time and the next run goes on. A run that leaves a month open
 * a day after it was due says so in a metric: each run ends well, so that nothing else would.
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
