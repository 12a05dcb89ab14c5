import type { CalendarServices } from '../services.ts';
import { DAY } from '../time.ts';
import { closeMonths, type ClosingReport } from './close-months.ts';
import { copyRecords, type Copies } from './copy-records.ts';

/**
 * A month counts as overdue if the month is still open when this time, in milliseconds, has passed since the service
 * should have closed the month. If a month is overdue, the operator must find the cause, because later runs will
 * probably not close the month either. The cause is probably not the number of customers, because an hourly run can
 * close the months of about ten thousand customers.
 */
const OVERDUE_AFTER = DAY;

export interface ClosingServices extends CalendarServices {
  /** @default - nothing is copied */
  readonly copies?: Copies | undefined;
}

/**
 * Closes the months that are due, and then copies statements and closing records, even if months could not be closed.
 * Stops when `hasTime` returns false, and the next run continues.
 *
 * Throws an `Error` if a customer's month could not be closed, if a month that is still open is overdue, or if a record
 * could not be copied, and an `AggregateError` if both closing and copying failed. The run has stored its position
 * before, so Lambda's next attempt continues there.
 */
export async function closeAndCopy(services: ClosingServices, hasTime: () => boolean): Promise<ClosingReport> {
  const { clock, calendar, log, copies } = services;
  const [closing] = await Promise.allSettled([closeMonths(services, hasTime)]);
  const [copying] = await Promise.allSettled([copies && copyRecords({ ...services, copies }, hasTime)]);
  if (copying.status === 'fulfilled' && copying.value) log.info('records copied', { ...copying.value });
  if (closing.status === 'rejected' && copying.status === 'rejected') {
    const errors = [closing.reason as Error, copying.reason as Error];
    throw new AggregateError(errors, errors.map(({ message }) => message).join(' '));
  }
  if (copying.status === 'rejected') throw copying.reason;
  if (closing.status === 'rejected') throw closing.reason;
  const { through, complete } = closing.value;
  if (!complete && clock.now() >= calendar.closingOf(through) + OVERDUE_AFTER)
    throw new Error(`The month ${through} is overdue to be closed.`);
  return closing.value;
}
