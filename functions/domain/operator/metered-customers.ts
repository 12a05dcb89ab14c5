import { readAdministratorsOf, type Administrator } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { readTotalMaus } from '../../table/metering/mau-counters.ts';
import { licenseInForce, type License } from '../licenses/license.ts';
import type { CalendarServices } from '../services.ts';

/** A customer as the operator's lists and overview need it, at one time. */
export interface MeteredCustomer {
  readonly customer: Customer;
  readonly license: License;
  /** The MAU of the current month. */
  readonly mau: number;
  readonly representative: Administrator | undefined;
}

/**
 * Reads the MAU of the current month and, by default, the representative of each customer, in the order of `customers`.
 * The reads are eventually consistent and cost 0.5 read units each.
 */
export async function meterCustomers(
  { table, calendar }: Pick<CalendarServices, 'table' | 'calendar'>,
  customers: readonly Customer[],
  now: number,
  representatives: Promise<readonly (Administrator | undefined)[]> = readAdministratorsOf(
    table,
    customers.map(({ customerId, representativeId: administratorId }) => ({ customerId, administratorId })),
  ),
): Promise<MeteredCustomer[]> {
  const month = calendar.monthOf(now);
  const [totals, people] = await Promise.all([
    readTotalMaus(
      table,
      customers.map(({ customerId }) => ({ customerId, month })),
    ),
    representatives,
  ]);
  return customers.map((customer, index) => ({
    customer,
    license: licenseInForce(customer, now),
    mau: totals[index]?.mau ?? 0,
    representative: people[index],
  }));
}
