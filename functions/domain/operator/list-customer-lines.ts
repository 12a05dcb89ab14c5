import { readAdministratorsOf } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { readTotalMaus } from '../../table/metering/mau-counters.ts';
import { listCustomers } from '../customers/list-customers.ts';
import { expiryOf, licenseInForce } from '../licenses/license.ts';
import { overageFee, overageMau } from '../licenses/overage-fee.ts';
import { listAnswer } from '../pages.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';
import { customerSummary } from './show-customer.ts';

/**
 * Returns a page of up to 1,000 customers, each with its MAU of the current month, the fee so far, the end of its
 * license and its representative. `now` and `month` are the service's time and its current month. A customer costs
 * about 2 read units: 1 for the customer, and 0.5 each for its MAU counter and its representative.
 */
export async function listCustomerLines(services: CalendarServices, after: string | undefined) {
  const { table, clock, calendar } = services;
  const now = clock.now();
  const month = calendar.monthOf(now);
  const { customers, last } = await listCustomers(services, after);
  const [totals, representatives] = await Promise.all([
    readTotalMaus(
      table,
      customers.map(({ customerId }) => ({ customerId, month })),
    ),
    readAdministratorsOf(
      table,
      customers.map(({ customerId, representativeId: administratorId }) => ({ customerId, administratorId })),
    ),
  ]);
  const lines = customers.map((customer, index) => {
    const representative = representatives[index];
    return {
      ...customerSummary(customer, now),
      ...meteredView(customer, totals[index]?.mau ?? 0, now),
      representative: representative
        ? { administratorId: representative.administratorId, name: representative.name, email: representative.email }
        : null,
    };
  });
  return { ...listAnswer(lines, last), month, now: toIso(now) };
}

/**
 * Returns a customer's MAU of the current month beside the maximum of its license, the fee so far and the end of its
 * license. `expiresAt` is later than `licenseEndsAt` if another license follows at once.
 */
function meteredView(customer: Customer, mau: number, now: number) {
  const license = licenseInForce(customer, now);
  const expiresAt = customer.status === 'unsubscribing' ? null : expiryOf(customer, now);
  return {
    mauThisMonth: mau,
    maxMau: license.type === 'free' ? null : license.maxMau,
    overageMau: license.type === 'free' ? 0 : overageMau(license, mau),
    overageFee: license.type === 'free' ? null : overageFee(license, mau),
    licenseEndsAt: license.endsAt === null ? null : toIso(license.endsAt),
    expiresAt: expiresAt === null ? null : toIso(expiresAt),
  };
}
