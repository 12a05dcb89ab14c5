import { readAdministrator } from '../../table/administrators.ts';
import { pendingUnsubscription, readCustomer, type Customer } from '../../table/customers/customers.ts';
import { readLicenses } from '../../table/licenses.ts';
import { readClosingRecord } from '../../table/closing-records.ts';
import { readTotalMaus } from '../../table/metering/mau-counters.ts';
import { readLatestRemovedRps } from '../../table/removed-rps.ts';
import { readAllRps } from '../../table/rps.ts';
import { readStatementsBetween } from '../../table/metering/statements.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import { hasCustomerLapsed } from '../activation-deadline.ts';
import { countItems } from '../leaving/count-items.ts';
import { noSuchCustomer } from '../refusals.ts';
import { MONTHS_SHOWN } from '../retention.ts';
import { licenseInForce, licenseStatus } from '../licenses/license.ts';
import { keptLicenseViews, operatorLicenseView } from '../licenses/operator-license-view.ts';
import type { CalendarServices } from '../services.ts';
import { customerState } from './customer-state.ts';
import { toIso } from '../time.ts';

/**
 * Returns the closing record of a discarded customer, or undefined when the customer has no closing record. The service
 * keeps no other data of a discarded customer.
 */
export async function showDiscarded({ table }: CalendarServices, customerId: string) {
  const record = await readClosingRecord(table, customerId);
  return (
    record && {
      customerId,
      status: 'discarded' as const,
      state: 'discarded' as const,
      unsubscribedAt: toIso(record.unsubscribedAt),
      discardedAt: record.discardedAt === null ? null : toIso(record.discardedAt),
      discarded: record.discarded,
    }
  );
}

/**
 * Returns a customer's unsubscription in the form that operator commands return. The field `waitsFor` says which event
 * the unsubscription waits for, for example the next hourly run.
 */
function unsubscriptionView({ startedAt, by, discards, announcedAt, found = {}, mail }: Unsubscription) {
  const isToBegin = by === 'operator' && announcedAt === undefined;
  const waitsFor = !discards
    ? 'final-statements'
    : isToBegin
      ? 'hourly-run'
      : mail
        ? 'confirming-e-mail'
        : 'discarding';
  return { startedAt: toIso(startedAt), by, waitsFor, found } as const;
}

/**
 * Returns a request to unsubscribe during its grace period, in the form that operator commands return. Returns
 * undefined when no request is pending.
 */
function pendingUnsubscriptionView(customer: Customer) {
  const pending = pendingUnsubscription(customer);
  return (
    pending && {
      requestedAt: toIso(pending.requestedAt),
      effectiveAt: toIso(pending.effectiveAt),
      requestedBy: pending.requestedBy,
    }
  );
}

/** Converts a customer to the form that the operator's commands return. */
export function customerSummary(customer: Customer, now: number) {
  const license = licenseInForce(customer, now);
  return {
    customerId: customer.customerId,
    name: customer.name,
    status: customer.status,
    state: customerState(customer, now),
    license: license.type,
    // The service no longer serves a customer that unsubscribes, so the license counts as ended, even before its end
    // date.
    licenseStatus: customer.status === 'unsubscribing' ? ('ended' as const) : licenseStatus(license, now),
    registeredRps: customer.registeredRps,
    registeredUsers: customer.registeredUsers,
    createdAt: toIso(customer.createdAt),
    pendingUnsubscription: pendingUnsubscriptionView(customer),
  };
}

/**
 * The maximum number of removed RPs in one response. With 1,000 RPs, which have names of up to 600 bytes, the response
 * stays below the 6 MB that Lambda allows. A customer can have more than 10,000 removed RPs.
 */
const REMOVED_RPS_SHOWN = 1_000;

/**
 * Returns everything about a customer that the operator may need, including the customer's MAU in each of the last 12
 * months. Of the removed RPs, returns the 1,000 with the latest last month; `hasMoreRemovedRps` says whether there are
 * more. Throws `NotFoundError` when there is no such customer, or when nobody activated the customer within 7 days.
 */
export async function showCustomer(services: CalendarServices, customerId: string) {
  const { table, clock, calendar } = services;
  const now = clock.now();
  const month = calendar.monthOf(now);
  const customer = await readCustomer(table, customerId, 'strong');
  if (!customer || hasCustomerLapsed(customer, now)) throw noSuchCustomer(customerId);
  const months = Array.from({ length: MONTHS_SHOWN }, (_, index) => calendar.plus(month, index + 1 - MONTHS_SHOWN));
  const [representative, licenses, rps, removedRps, totals, statements] = await Promise.all([
    readAdministrator(table, customerId, customer.representativeId, 'strong'),
    readLicenses(table, customerId),
    readAllRps(table, customerId, 'strong'),
    readLatestRemovedRps(table, customerId, REMOVED_RPS_SHOWN),
    readTotalMaus(
      table,
      months.map((each) => ({ customerId, month: each })),
    ),
    readStatementsBetween(table, customerId, months[0] ?? month, month),
  ]);
  const counted = months.flatMap((each, index) => {
    const total = totals[index];
    return total && total.mau > 0 ? [{ month: each, ...total }] : [];
  });
  // For a closed month, the numbers in the month's statement replace those in the counter.
  const ofMonths = new Map([...counted, ...statements].map((ofMonth) => [ofMonth.month, ofMonth]));
  const byMonth = [...ofMonths.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
  return {
    ...customerSummary(customer, now),
    address: customer.address,
    phoneNumber: customer.phoneNumber,
    representative: representative && {
      administratorId: representative.administratorId,
      name: representative.name,
      email: representative.email,
    },
    licenseInForce: operatorLicenseView(licenseInForce(customer, now)),
    licenses: keptLicenseViews(customer, licenses, now),
    rps: [
      ...rps.map(({ id, rpId, name, registeredUsers }) => ({ id, rpId, name, registeredUsers, removed: false })),
      ...removedRps.items.map(({ id, rpId, name }) => ({ id, rpId, name, registeredUsers: 0, removed: true })),
    ],
    hasMoreRemovedRps: removedRps.last !== undefined,
    unsubscription: customer.unsubscription && {
      ...unsubscriptionView(customer.unsubscription),
      left: await countItems(services, customerId),
    },
    mau: Object.fromEntries(byMonth.map((ofMonth) => [ofMonth.month, ofMonth.mau])),
    measured: Object.fromEntries(byMonth.map((ofMonth) => [ofMonth.month, ofMonth.measured ?? 0])),
  };
}
