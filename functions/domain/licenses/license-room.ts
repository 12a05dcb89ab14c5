import type { Customer } from '../../table/customers/customers.ts';
import type { Maxima } from '../../table/customers/registered-counts.ts';
import type { Calendar } from '../calendar.ts';
import { LicenseLimitReachedError, LicenseNotActiveError } from '../errors.ts';
import { customerNotActive } from '../refusals.ts';
import { licenseInForce, licenseStatus, type License } from './license.ts';

/** Returns the license in force. Throws `LicenseNotActiveError` when the license has expired or has not started. */
export function requireActiveLicense(customer: Customer, now: number): License {
  const license = licenseInForce(customer, now);
  const status = licenseStatus(license, now);
  if (status === 'active') return license;
  throw new LicenseNotActiveError(
    status === 'expired'
      ? `The ${license.type} license has expired. Nothing new can be registered.`
      : `The ${license.type} license has not started yet. Nothing can be registered.`,
  );
}

/** For each limit, a function that returns the maximum that a license allows. Null means no maximum. */
const maximumOf = {
  'registered-rps': (license: License) => license.maxRegisteredRps,
  'registered-users': (license: License) => (license.type === 'free' ? license.maxRegisteredUsers : null),
};
/**
 * The number of RPs that a customer with a Free license can register in a month, including removed ones, unless the
 * license allows more RPs at the same time.
 */
const FREE_RPS_OF_A_MONTH = 10;

/**
 * For each limit, a function that returns how many RPs or users a license allows a customer to register in a month,
 * including removed ones. Null means no maximum. Only Free has these limits: without them, a customer could register
 * 100 users, report them, remove them and register the next 100, and would have any number of MAU without a fee.
 */
const maximumOfMonth = {
  'registered-rps': (license: License) =>
    license.type === 'free' ? Math.max(FREE_RPS_OF_A_MONTH, license.maxRegisteredRps) : null,
  'registered-users': (license: License) => (license.type === 'free' ? 2 * license.maxRegisteredUsers : null),
};
const countOfMonth = { 'registered-rps': 'rpsOfMonth', 'registered-users': 'usersOfMonth' } as const;
const countOf = { 'registered-rps': 'registeredRps', 'registered-users': 'registeredUsers' } as const;
export type Limit = keyof typeof maximumOf;

/**
 * Checks that the license allows the customer to register `added` more RPs or users, at the same time and in the month.
 * Returns the month in which the registration counts and the license's maxima. Throws `UnauthenticatedError` when the
 * customer is not active, `LicenseNotActiveError` when its license is not active, and `LicenseLimitReachedError` when
 * the customer would exceed a maximum. The customer may change after the calling function has read the customer, so the
 * transaction that stores the RPs or users checks the maxima again. When this transaction fails, the calling function
 * calls this function again with the changed customer.
 *
 * The month is the month of `now`. If another request has already counted in a later month, this request began just
 * before the end of a month, and counts in the later month too.
 */
export function requireRoom(
  customer: Customer,
  limit: Limit,
  added: number,
  { now, calendar }: { readonly now: number; readonly calendar: Calendar },
): Maxima {
  if (customer.status !== 'active') throw customerNotActive();
  const license = requireActiveLicense(customer, now);
  const max = maximumOf[limit](license);
  const total = customer[countOf[limit]];
  if (max !== null && total + added > max) {
    throw new LicenseLimitReachedError({ limit, max, current: total, licenseType: license.type });
  }
  const counted = customer[countOfMonth[limit]];
  const current = calendar.monthOf(now);
  const month = counted && counted.month > current ? counted.month : current;
  const registered = counted?.month === month ? counted.registered : 0;
  const maxOfMonth = maximumOfMonth[limit](license);
  if (maxOfMonth !== null && registered + added > maxOfMonth) {
    const ofMonth = { month, endsAt: calendar.endOf(month) };
    throw new LicenseLimitReachedError({
      limit,
      max: maxOfMonth,
      current: registered,
      licenseType: license.type,
      ofMonth,
    });
  }
  return { max, month, maxOfMonth };
}
