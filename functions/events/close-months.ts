import type { Context, ScheduledEvent } from 'aws-lambda';
import type { CalendarServices } from '../domain/services.ts';
import { closeMonths } from '../domain/statements/close-months.ts';
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
 * the next run closes the remaining months. If a month is overdue at the end of a run, the run throws an `Error`, so
 * that it does not count as a completed run, and the operator gets an alarm. The run has stored its position before, so
 * Lambda's next attempt closes further months.
 */
export function build(services: CalendarServices) {
  return async (_: ScheduledEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => {
    const { clock, calendar } = services;
    const report = await closeMonths(services, () => context.getRemainingTimeInMillis() > RESERVE);
    const isOverdue = clock.now() >= calendar.closingOf(report.through) + OVERDUE_AFTER;
    if (!report.complete && isOverdue) throw new Error(`The month ${report.through} is overdue to be closed.`);
    return report;
  };
}

export const handler = onLambda(() => build(withCalendar(servicesFromEnvironment())));
