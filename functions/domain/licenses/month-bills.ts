import type { Customer } from '../../table/customers/customers.ts';
import { readTotalMaus } from '../../table/metering/mau-counters.ts';
import type { Month } from '../calendar.ts';
import type { CalendarServices } from '../services.ts';
import { nextMonthOf } from './billed-months.ts';
import { licenseAt, type License, type Money } from './license.ts';
import { overageFee } from './overage-fee.ts';
import { operatorLicenseView } from './operator-license-view.ts';

/** The license that bills a month, and the fee of the month so far. The fee is null for a Free license. */
interface Bill {
  readonly license: License;
  readonly fee: Money | null;
}
/** How a change of the licenses changes the bill of a month that has no statement yet. */
export interface MonthBill {
  readonly month: Month;
  /** The MAU of the month so far. */
  readonly mau: number;
  readonly before: Bill;
  readonly after: Bill;
}

/**
 * Returns the bill of each month without a statement, up to the current month, before and after a change of the
 * customer's licenses, the earliest month first. A month is billed by the license in force at its last instant. The fee
 * so far changes with the MAU until the month is closed. `before` and `after` are the customer's licenses without
 * superseded and cancelled licenses, sorted by start.
 */
export async function monthBillsOf(
  { table, calendar }: Pick<CalendarServices, 'table' | 'calendar'>,
  customer: Customer,
  { before, after }: { readonly before: readonly License[]; readonly after: readonly License[] },
  now: number,
): Promise<MonthBill[]> {
  const { customerId } = customer;
  const months: Month[] = [];
  for (let next = nextMonthOf(calendar, customer); next <= calendar.monthOf(now); next = calendar.plus(next, 1)) {
    months.push(next);
  }
  const totals = await readTotalMaus(
    table,
    months.map((month) => ({ customerId, month })),
  );
  return months.map((month, index) => {
    const mau = totals[index]?.mau ?? 0;
    const billedBy = (licenses: readonly License[]): Bill => {
      const license = licenseAt(licenses, calendar.endOf(month) - 1);
      return { license, fee: license.type === 'free' ? null : overageFee(license, mau) };
    };
    return { month, mau, before: billedBy(before), after: billedBy(after) };
  });
}

/** Converts the bill of a month to the form that operator commands return. */
export function monthBillView({ month, mau, before, after }: MonthBill) {
  const view = ({ license, fee }: Bill) => ({ license: operatorLicenseView(license), overageFee: fee });
  return { month, mau, before: view(before), after: view(after) };
}
