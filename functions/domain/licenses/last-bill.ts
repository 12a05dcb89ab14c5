import type { Customer, LastPaid } from '../../table/customers/customers.ts';
import { readAllStatements } from '../../table/metering/statements.ts';
import { licenseAt, licenseInForce, type License, type PaidLicense } from './license.ts';
import type { CalendarServices } from '../services.ts';
import { DAY } from '../time.ts';

/**
 * A customer that has moved from a paid license to a Free license can unsubscribe 7 days after the earliest time at
 * which the service can close the customer's last paid month. If the service closes this month more than a day late,
 * the customer can unsubscribe 6 days after the service closed the month. The unsubscription discards all statements of
 * the customer, so the operator must export the last paid statement before the customer can unsubscribe. Both constants
 * are in milliseconds.
 */
const EXPORTED_WITHIN = 7 * DAY;
const EXPORTED_AFTER_CLOSING = 6 * DAY;

/**
 * The last month for which the operator bills a customer, and the type of the paid license that determines the bill.
 */
export interface LastBilled {
  readonly month: string;
  readonly type: PaidLicense['type'];
  /** The time at which the service closed the month, in epoch milliseconds. @default - the month is not closed yet */
  readonly closedAt?: number;
}

/**
 * Returns the last month that is billed when a customer moves from a paid license to `added`, a Free license. A month
 * is billed according to the license that is in force at the end of the month, so the month in which the Free license
 * starts is not billed. The result is the month before the start of the Free license, if a paid license was in force at
 * the end of that month. If the Free license starts in the past, the service may already have closed that month or
 * later months, and their statements may contain a paid license. The result is then the last closed month whose
 * statement contains a paid license, because the statement of a closed month never changes. Returns undefined when no
 * month is billed, when `added` is not Free, and when the license in force is Free. `standing` contains the customer's
 * licenses that are neither superseded nor cancelled.
 */
export async function lastBilledOf(
  { table, calendar }: CalendarServices,
  customer: Customer,
  standing: readonly License[],
  added: License,
  now: number,
): Promise<LastBilled | undefined> {
  if (added.type !== 'free' || licenseInForce(customer, now).type === 'free') return undefined;
  const { customerId, createdAt, closedThrough = '' } = customer;
  const before = calendar.plus(calendar.monthOf(added.startsAt), -1);
  const isOpen = before >= calendar.monthOf(createdAt) && before > closedThrough;
  const unclosed = isOpen ? [{ month: before, type: licenseAt(standing, calendar.endOf(before) - 1).type }] : [];
  const statements = closedThrough >= before ? await readAllStatements(table, customerId) : [];
  const closed = statements.filter(({ month }) => month >= before);
  const billed = [...closed.map(({ month, closedAt, license: { type } }) => ({ month, type, closedAt })), ...unclosed];
  return billed.findLast((bill): bill is LastBilled => bill.type !== 'free');
}

/**
 * Returns a customer's last paid month, and the time before which the customer cannot unsubscribe because the operator
 * must first export the month's statement.
 */
export function lastPaidOf(
  { calendar }: Pick<CalendarServices, 'calendar'>,
  { month, closedAt = 0 }: Pick<LastBilled, 'month' | 'closedAt'>,
): LastPaid {
  return {
    month,
    billedBy: Math.max(calendar.closingOf(month) + EXPORTED_WITHIN, closedAt + EXPORTED_AFTER_CLOSING),
  };
}
