import type { Customer } from '../../table/customers/customers.ts';
import { readStandingLicenses } from '../../table/licenses.ts';
import type { Month } from '../calendar.ts';
import type { CalendarServices } from '../services.ts';
import { licenseAt, licenseInForce, type License } from './license.ts';

/**
 * Returns the license of a month that is not closed. If the month is not over, this is the license that is in force
 * now. If the month is over, this is the license that was in force at the month's last instant. Reads the license items
 * only if the customer item no longer contains this license.
 */
export async function licenseOfMonth(
  { table, clock, calendar }: Pick<CalendarServices, 'table' | 'clock' | 'calendar'>,
  customer: Customer,
  month: Month,
): Promise<License> {
  const instant = Math.min(clock.now(), calendar.endOf(month) - 1);
  const known = licenseInForce(customer, instant);
  if (known.startsAt <= instant) return known;
  // A license was set after the month ended, so the customer item no longer contains the license that was in force in
  // the month. The license items still contain the earlier license.
  const licenses = await readStandingLicenses(table, customer.customerId);
  return licenseAt(licenses, instant);
}
