import { fieldError, type FieldError } from '../../contract/field-errors.ts';
import { setLicenses } from '../../table/customers/customer-licenses.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { putLicense, readLicenses } from '../../table/licenses.ts';
import { transact } from '../../table/engine/transaction.ts';
import type { Actor } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { InvalidInputError } from '../errors.ts';
import { goesOnWithout, type CancelledLicense } from './license-change.ts';
import { licenseInForce, licenseStatus, scheduledLicenses } from './license.ts';
import type { Services } from '../services.ts';
import { readCustomerToLicense } from './set-license.ts';
import { toIso } from '../time.ts';

/**
 * Cancels the license of a customer that is to start at `startsAt` (epoch milliseconds) and has not begun; gives it, and
 * the one that goes on instead. It stays under its start, marked cancelled, until another one is set with the same start.
 * Throws `NotFoundError`, and `InvalidInputError` when no license is to start then: the error says why, and nothing was
 * changed.
 *
 * One transaction, on the licenses that were read: when another was set or cancelled or a month closed meanwhile, they
 * are read again, and the clock with them. The license may begin between the clock and the write:
 *
 *     23:59:59.990   clock: it has not begun
 *     00:00:00.000                              it begins
 *     00:00:00.010                              an RP is registered that only it allows
 *     00:00:00.020   write: more is registered than without it can be; read again: it has begun, refused
 *
 * Where nobody has made use of it, it is cancelled as if it had been a moment earlier.
 */
export async function cancelLicense(
  { table, clock, log }: Services,
  actor: Actor,
  customerId: string,
  startsAt: number,
): Promise<CancelledLicense> {
  for (;;) {
    const customer = await readCustomerToLicense(table, customerId);
    const now = clock.now();
    const cancelled = scheduledLicenses(customer, now).find((license) => license.startsAt === startsAt);
    if (!cancelled) {
      throw new InvalidInputError([await whyNone({ table }, customer, startsAt, now)]);
    }
    const { license, upcomingLicenses } = customer;
    const failures = await transact(table, {
      customer: setLicenses(
        customer,
        { license, upcomingLicenses: upcomingLicenses.filter((upcoming) => upcoming.startsAt !== startsAt) },
        roomWithout(customer, now),
        undefined,
      ),
      license: putLicense(customerId, { ...cancelled, cancelledAt: now }),
    });
    if (failures) continue;
    logChange(log, { actor, what: 'license', customerId, before: cancelled, after: null });
    return { license: cancelled, goesOn: goesOnWithout(customer, cancelled, now) };
  }
}

/**
 * How much may be registered if the licenses that start later are left out: what the one in force allows, and what is
 * there already; once that has expired, nothing more.
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

/** Returns the field error that says why no license with this start can be cancelled, and which ones can. */
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
    return fieldError('#/startsAt', 'license-cancelled', { licenseType: kept.type, cancelledAt, upcoming });
  }
  // After a clock was put back, the license in force may begin after now.
  if (kept && (startsAt <= now || startsAt === customer.license.startsAt)) {
    return fieldError('#/startsAt', 'license-begun', { licenseType: kept.type, upcoming });
  }
  return fieldError('#/startsAt', 'no-such-license', { startsAt: toIso(startsAt), upcoming });
}
