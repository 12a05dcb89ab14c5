import type { Customer } from '../../table/customers/customers.ts';
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
const countOf = { 'registered-rps': 'registeredRps', 'registered-users': 'registeredUsers' } as const;
export type Limit = keyof typeof maximumOf;

/**
 * Checks that the license allows the customer to register `added` more RPs or users. Returns the license's maximum for
 * `limit`, or null if the license has no maximum for `limit`. Throws `UnauthenticatedError` when the customer is not
 * active, `LicenseNotActiveError` when its license is not active, and `LicenseLimitReachedError` when the customer
 * would exceed the maximum. The customer may change after the calling function has read the customer, so the
 * transaction that stores the RPs or users checks the maximum again. When this transaction fails, the calling function
 * calls this function again with the changed customer.
 */
export function requireRoom(customer: Customer, limit: Limit, added: number, now: number): number | null {
  if (customer.status !== 'active') throw customerNotActive();
  const license = requireActiveLicense(customer, now);
  const max = maximumOf[limit](license);
  const current = customer[countOf[limit]];
  if (max !== null && current + added > max) {
    throw new LicenseLimitReachedError({ limit, max, current, licenseType: license.type });
  }
  return max;
}
