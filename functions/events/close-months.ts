import type { Context, ScheduledEvent } from 'aws-lambda';
import { openCopies } from '../aws/copies.ts';
import type { CalendarServices } from '../domain/services.ts';
import { closeMonths } from '../domain/statements/close-months.ts';
import { copyRecords, type Copies } from '../domain/statements/copy-records.ts';
import { DAY, MINUTE } from '../domain/time.ts';
import { hasCopies, onLambda, servicesFromEnvironment, setting, withCalendar } from '../environment.ts';
import { readKeptClosingRecords } from '../table/closing-records.ts';
import { openTable } from '../table/engine/client.ts';

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
 * Lambda's next attempt closes further months. With `copies`, a run then copies statements and closing records, even if
 * it has failed to close a month.
 */
export function build(services: CalendarServices & { readonly copies?: Copies | undefined }) {
  return async (_: ScheduledEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => {
    const { clock, calendar, copies } = services;
    const hasTime = () => context.getRemainingTimeInMillis() > RESERVE;
    const closing = closeMonths(services, hasTime);
    if (copies) {
      await closing.catch(() => undefined); // `await closing` below throws the error
      const copied = await copyRecords({ ...services, copies }, hasTime);
      services.log.info('records copied', { ...copied });
    }
    const report = await closing;
    const isOverdue = clock.now() >= calendar.closingOf(report.through) + OVERDUE_AFTER;
    if (!report.complete && isOverdue) throw new Error(`The month ${report.through} is overdue to be closed.`);
    return report;
  };
}

export const handler = onLambda(() =>
  build({ ...withCalendar(servicesFromEnvironment()), copies: copiesFromEnvironment() }),
);

function copiesFromEnvironment(): Copies | undefined {
  if (!hasCopies()) return undefined;
  const closingRecords = openTable(setting('CLOSING_RECORDS_TABLE_NAME'), { random: Math.random });
  return {
    keep: openCopies({ bucket: setting('COPIES_BUCKET'), region: setting('COPIES_REGION') }),
    readClosingRecords: () => readKeptClosingRecords(closingRecords),
  };
}
