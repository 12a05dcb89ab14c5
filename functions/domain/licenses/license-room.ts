import type { Customer } from '../../table/customers/customers.ts';
import { LicenseLimitReachedError, LicenseNotActiveError } from '../errors.ts';
import { customerNotActive } from '../refusals.ts';
import { licenseInForce, licenseStatus, type License } from './license.ts';

/** Gives the license in force; throws `LicenseNotActiveError`: "Expired or not started: new RPs, users and API keys are refused." */
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

/** The maximum of what is registered under a license; null: none. */
const maximumOf = {
  'registered-rps': (license: License) => license.maxRegisteredRps,
  'registered-users': (license: License) => (license.type === 'free' ? license.maxRegisteredUsers : null),
};
const countOf = { 'registered-rps': 'registeredRps', 'registered-users': 'registeredUsers' } as const;
export type Limit = keyof typeof maximumOf;

/**
 * Gives the maximum that `added` more must fit in, and throws when they do not: `LicenseNotActiveError` or
 * `LicenseLimitReachedError`. What it looked at may have moved since, so that the write has the same condition; when that
 * fails, this is asked again with the customer that stood there.
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
