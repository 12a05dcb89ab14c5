import type { FieldError } from '../../contract/errors/field-errors.ts';
import { operatorFieldError } from '../../contract/errors/operator-field-errors.ts';
import { setLicenses } from '../../table/customers/customer-licenses.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { putLicense, readLicenses, readStandingLicenses } from '../../table/licenses.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { Author } from '../change-log.ts';
import { InvalidInputError } from '../errors.ts';
import { goesOnWithout, type CancelledLicense } from './license-change.ts';
import { licenseInForce, licenseStatus, scheduledLicenses } from './license.ts';
import { monthBillsOf } from './month-bills.ts';
import type { CalendarServices, Services } from '../services.ts';
import { readCustomerToLicense } from './set-license.ts';
import { toIso } from '../time.ts';

/**
 * Cancels a customer's license that has not begun. `startsAt` is the start of this license, in epoch milliseconds.
 * Returns the cancelled license, the license that stays in force because of the cancellation, and the bills before and
 * after it. The table keeps the cancelled license, marked as cancelled, until another license is set with the same
 * start. Throws `NotFoundError` when the customer does not exist or is unsubscribing. Throws `InvalidInputError`, which
 * contains the reason, when no license that can be cancelled starts at `startsAt`.
 *
 * The function reads the licenses, and then changes them in one transaction. If another request sets or cancels a
 * license after the read, or if the service closes a month, the transaction fails, and the function starts again with
 * the changed customer and the current time. The license may begin after this function reads the clock and before this
 * function writes:
 *
 *     23:59:59.990   A's clock: the license has not begun
 *     00:00:00.000                                           the license begins
 *     00:00:00.010                                           B registers an RP that only this license allows
 *     00:00:00.020   A's write fails: more RPs are registered than the other licenses allow
 *                    A reads again: the license has begun, and A's request is refused
 *
 * If nobody registers an RP or a user that only this license allows, the write succeeds, and the function cancels the
 * license although the license has just begun.
 */
export async function cancelLicense(
  services: CalendarServices,
  author: Author,
  customerId: string,
  startsAt: number,
): Promise<CancelledLicense> {
  const { table, clock } = services;
  for (;;) {
    const customer = await readCustomerToLicense(table, customerId);
    const now = clock.now();
    const cancelled = scheduledLicenses(customer, now).find((license) => license.startsAt === startsAt);
    if (!cancelled) {
      throw new InvalidInputError([await whyNone({ table }, customer, startsAt, now)]);
    }
    const standing = await readStandingLicenses(table, customerId);
    const left = standing.filter((license) => license.startsAt !== startsAt);
    const bills = await monthBillsOf(services, customer, { before: standing, after: left }, now);
    const { license, upcomingLicenses } = customer;
    const change = newChange(services, author, customerId, {
      kind: 'license-cancelled',
      before: cancelled,
      after: null,
    });
    const failures = await transact(table, {
      audit: change.write,
      customer: setLicenses(
        customer,
        { license, upcomingLicenses: upcomingLicenses.filter((upcoming) => upcoming.startsAt !== startsAt) },
        roomWithout(customer, now),
        {},
      ),
      license: putLicense(customerId, { ...cancelled, cancelledAt: now }),
    });
    if (failures) continue;
    change.log();
    return { license: cancelled, goesOn: goesOnWithout(customer, cancelled, now), bills };
  }
}

/**
 * Returns two limits, one for RPs and one for users. The transaction that cancels the license fails if more RPs or
 * users are registered. Each limit is the number that the license in force allows, or the number that was registered
 * when `customer` was read, if this number is higher. When the license in force is not active, each limit is the
 * registered number.
 */
function roomWithout(customer: Customer, now: number): { rps: number; users: number } {
  const { registeredRps: rps, registeredUsers: users } = customer;
  const license = licenseInForce(customer, now);
  if (licenseStatus(license, now) !== 'active') return { rps, users };
  return {
    rps: Math.max(rps, license.maxRegisteredRps),
    users: license.type === 'free' ? Math.max(users, license.maxRegisteredUsers) : Number.MAX_SAFE_INTEGER,
  };
}

/**
 * Returns a field error with the reason why no license that can be cancelled starts at `startsAt`. The error also lists
 * the licenses that can be cancelled.
 */
async function whyNone(
  { table }: Pick<Services, 'table'>,
  customer: Customer,
  startsAt: number,
  now: number,
): Promise<FieldError> {
  const upcoming = scheduledLicenses(customer, now).map((license) => ({
    type: license.type,
    startsAt: toIso(license.startsAt),
  }));
  const kept = (await readLicenses(table, customer.customerId)).find((license) => license.startsAt === startsAt);
  if (kept?.cancelledAt !== undefined) {
    const cancelledAt = toIso(kept.cancelledAt);
    return operatorFieldError('#/startsAt', 'license-cancelled', { licenseType: kept.type, cancelledAt, upcoming });
  }
  // When the clock of the local service, which runs on a developer's computer, was set back, the license in force may
  // have a start in the future.
  if (kept && (startsAt <= now || startsAt === customer.license.startsAt)) {
    return operatorFieldError('#/startsAt', 'license-begun', { licenseType: kept.type, upcoming });
  }
  return operatorFieldError('#/startsAt', 'no-such-license', { startsAt: toIso(startsAt), upcoming });
}
