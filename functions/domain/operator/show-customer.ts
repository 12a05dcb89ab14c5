import { readAdministrator } from '../../table/administrators.ts';
import { pendingUnsubscription, readCustomer, type Customer } from '../../table/customers/customers.ts';
import { readLicenses } from '../../table/licenses.ts';
import { readClosingRecord } from '../../table/closing-records.ts';
import { readMauBetween } from '../../table/mau-counters.ts';
import { readAllRps } from '../../table/rps.ts';
import { readStatementsBetween } from '../../table/statements.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import { hasCustomerLapsed } from '../activation-deadline.ts';
import { countItems } from '../leaving/count-items.ts';
import { noSuchCustomer } from '../refusals.ts';
import { licenseInForce, licenseStatus } from '../licenses/license.ts';
import { keptLicenseViews, operatorLicenseView } from '../licenses/operator-license-view.ts';
import type { CalendarServices } from '../services.ts';
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

/** Converts a customer to the form that the operator command `list-customers` returns. */
export function customerSummary(customer: Customer, now: number) {
  const license = licenseInForce(customer, now);
  return {
    customerId: customer.customerId,
    name: customer.name,
    status: customer.status,
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
 * Returns everything about a customer that the operator may need, including the customer's MAU in each of the last 12
 * months. Throws `NotFoundError` when there is no such customer, or when nobody activated the customer within 7 days.
 */
export async function showCustomer(services: CalendarServices, customerId: string) {
  const { table, clock, calendar } = services;
  const now = clock.now();
  const month = calendar.monthOf(now);
  const customer = await readCustomer(table, customerId, 'strong');
  if (!customer || hasCustomerLapsed(customer, now)) throw noSuchCustomer(customerId);
  const firstMonth = calendar.plus(month, -11);
  const [representative, licenses, rps, counters, statements] = await Promise.all([
    readAdministrator(table, customerId, customer.representativeId, 'strong'),
    readLicenses(table, customerId),
    readAllRps(table, customerId, 'strong'),
    readMauBetween(table, customerId, firstMonth, month),
    readStatementsBetween(table, customerId, firstMonth, month),
  ]);
  const totals = counters.filter(({ rpRef }) => rpRef === undefined);
  // For a closed month, the MAU in the month's statement replaces the MAU in the counter.
  const mau = new Map([...totals, ...statements].map((ofMonth) => [ofMonth.month, ofMonth.mau]));
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
    rps: rps.map(({ id, rpId, name, registeredUsers, removedAt }) => ({
      id,
      rpId,
      name,
      registeredUsers,
      removed: removedAt !== undefined,
    })),
    unsubscription: customer.unsubscription && {
      ...unsubscriptionView(customer.unsubscription),
      left: await countItems(services, customerId),
    },
    mau: Object.fromEntries([...mau].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
