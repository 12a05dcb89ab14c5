import { listCustomers } from '../customers/list-customers.ts';
import { expiryOf } from '../licenses/license.ts';
import { overageFee, overageMau } from '../licenses/overage-fee.ts';
import { listAnswer } from '../pages.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';
import { meterCustomers, type MeteredCustomer } from './metered-customers.ts';
import { customerSummary } from './show-customer.ts';

/** A customer as the operator's lists show it. */
export type CustomerLine = ReturnType<typeof customerLine>;

/**
 * Returns a page of up to 1,000 customers, each with its MAU of the current month, the fee so far, the end of its
 * license and its representative. `now` and `month` are the service's time and its current month. A customer costs
 * about 2 read units: 1 for the customer, and 0.5 each for its MAU counter and its representative.
 */
export async function listCustomerLines(services: CalendarServices, after: string | undefined) {
  const now = services.clock.now();
  const { customers, last } = await listCustomers(services, after);
  const lines = (await meterCustomers(services, customers, now)).map((metered) => customerLine(metered, now));
  return { ...listAnswer(lines, last), month: services.calendar.monthOf(now), now: toIso(now) };
}

/**
 * Returns a customer with its MAU of the current month beside the maximum of its license, the fee so far, the end of
 * its license and its representative. `expiresAt` is later than `licenseEndsAt` if another license follows at once.
 */
export function customerLine({ customer, license, mau, representative }: MeteredCustomer, now: number) {
  const expiresAt = customer.status === 'unsubscribing' ? null : expiryOf(customer, now);
  return {
    ...customerSummary(customer, now),
    mauThisMonth: mau,
    maxMau: license.type === 'free' ? null : license.maxMau,
    overageMau: license.type === 'free' ? 0 : overageMau(license, mau),
    overageFee: license.type === 'free' ? null : overageFee(license, mau),
    licenseEndsAt: license.endsAt === null ? null : toIso(license.endsAt),
    expiresAt: expiresAt === null ? null : toIso(expiresAt),
    representative: representative
      ? { administratorId: representative.administratorId, name: representative.name, email: representative.email }
      : null,
  };
}
