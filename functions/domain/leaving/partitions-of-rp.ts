import { partitionsOfRp as partitionsOfMonths, type PartitionHandle } from '../../table/discarding/partitions.ts';
import { readLastMonthOfMau } from '../../table/metering/mau-counters.ts';
import type { AnyRp } from '../../table/removed-rps.ts';
import type { Month } from '../calendar.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { CalendarServices } from '../services.ts';

/**
 * The number of months, including the current month, whose active-user records the table may still contain. The number
 * of months is higher than `MONTHS_KEPT`, because DynamoDB may delete an expired item some days late.
 */
const MONTHS_THERE = MONTHS_KEPT + 2;

/**
 * Returns the last month in which RPs of a customer may have active users. Usually returns the month after the current
 * month, because an RP's clock may be ahead of the service's clock. Returns an even later month if the service has
 * counted operations for that month, which happens only when the clock of the local service, which runs on a
 * developer's computer, was set back.
 */
export async function lastActiveMonth(
  { table, calendar, clock }: CalendarServices,
  customerId: string,
): Promise<Month> {
  const next = calendar.plus(calendar.monthOf(clock.now()), 1);
  const counted = await readLastMonthOfMau(table, customerId);
  return counted !== undefined && counted > next ? counted : next;
}

/**
 * Returns all partitions of an RP that may contain items, including its active-user partitions up to the month `last`.
 */
export function partitionsOfRp(
  { id, createdAt }: AnyRp,
  { calendar, clock }: CalendarServices,
  last: Month,
): PartitionHandle[] {
  const oldest = calendar.plus(calendar.monthOf(clock.now()), 1 - MONTHS_THERE);
  // An RP may report an operation whose time is in the month before the month in which the RP was registered.
  const created = calendar.plus(calendar.monthOf(createdAt), -1);
  const months: Month[] = [];
  for (let month = created > oldest ? created : oldest; month <= last; month = calendar.plus(month, 1)) {
    months.push(month);
  }
  return partitionsOfMonths(id, months);
}
